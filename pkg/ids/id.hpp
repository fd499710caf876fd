#pragma once
// Ids that cannot be mistaken for one another: an OrderId does not go where a PaymentId is wanted.

#include <compare>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "pkg/ids/uuid.hpp"

namespace pkg::ids {

/// Tag is any type, usually declared in place: `using BasketId = Id<struct BasketIdTag>;`
template <class Tag>
class Id {
 public:
  constexpr Id() = default;
  explicit constexpr Id(Uuid value) : value_(value) {}

  static std::optional<Id> parse(std::string_view text) {
    const auto value = Uuid::parse(text);
    return value ? std::optional<Id>(Id{*value}) : std::nullopt;
  }
  static std::optional<Id> from_bytes(std::string_view bytes) {
    const auto value = Uuid::from_bytes(bytes);
    return value ? std::optional<Id>(Id{*value}) : std::nullopt;
  }
  static Id make(IdSource& source) { return Id{source.next()}; }

  constexpr const Uuid& value() const { return value_; }
  std::string to_string() const { return value_.to_string(); }
  std::string to_bytes() const { return value_.to_bytes(); }
  constexpr bool is_nil() const { return value_.is_nil(); }

  friend constexpr auto operator<=>(const Id&, const Id&) = default;

 private:
  Uuid value_;
};

}  // namespace pkg::ids

template <class Tag>
struct std::hash<pkg::ids::Id<Tag>> {
  std::size_t operator()(const pkg::ids::Id<Tag>& id) const noexcept { return std::hash<pkg::ids::Uuid>{}(id.value()); }
};
