#pragma once
// One setting: its name, what it is for, and the variable it fills. Made by Spec only; what its methods return is the setting
// itself, so that they can be written in a row.

#include <chrono>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pkg::config {

class Setting {
 public:
  /// Reads a text into the variable. Returns nothing when it fits, else what is expected instead ("a duration such as 5s").
  using Assign = std::function<std::optional<std::string>(const std::string& text)>;
  /// The variable's present value as it may be shown: a secret's is masked.
  using Show = std::function<std::string()>;

  Setting(std::string name, std::string type, std::string summary, Assign assign, Show show);

  /// No default will do: reading fails when nobody gave a value.
  Setting& required();
  /// Also read under the name without the service's prefix, which all services of an installation share. The prefixed name wins
  /// where both are given in the same place.
  Setting& shared();
  /// The limits are allowed values.
  Setting& between(std::int64_t least, std::int64_t most);
  Setting& between(std::chrono::milliseconds least, std::chrono::milliseconds most);
  Setting& one_of(std::initializer_list<std::string_view> words);
  Setting& schemes(std::initializer_list<std::string_view> schemes);

  /// Nothing when the value fitted and was taken.
  std::optional<std::string> assign(const std::string& text);

  const std::string& name() const { return name_; }  ///< with the service's prefix: BASKETS_HTTP_PORT
  std::string shared_name(std::string_view prefix) const { return is_shared_ ? name_.substr(prefix.size()) : std::string(); }
  const std::string& summary() const { return summary_; }
  std::string type() const;  ///< with its range: "number 1..64"
  std::string shown() const { return show_(); }
  bool is_required() const { return is_required_; }
  bool is_given() const { return !source_.empty(); }
  bool is_secret() const { return type_ == "secret"; }
  bool is_url() const { return type_ == "url"; }

  /// Where the present value is from; empty while it is the one that stands in the code.
  const std::string& source() const { return source_; }
  void set_source(std::string source) { source_ = std::move(source); }

 private:
  std::string allowed() const;

  std::string name_;
  std::string type_;
  std::string summary_;
  Assign assign_;
  Show show_;
  std::optional<std::int64_t> least_;
  std::optional<std::int64_t> most_;
  std::vector<std::string> words_;
  std::vector<std::string> schemes_;
  std::string source_;
  bool is_required_ = false;
  bool is_shared_ = false;
};

}  // namespace pkg::config
