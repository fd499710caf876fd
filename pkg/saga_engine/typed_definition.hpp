#pragma once
// A definition written against a data type of the user's instead of bytes.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pkg/saga_engine/definition.hpp"

namespace pkg::saga {

/// How a saga's data is kept. A change that the old bytes do not survive needs a new data_version, so a new definition.
template <class D>
struct Codec {
  std::function<std::string(const D&)> encode;
  std::function<std::optional<D>(std::string_view)> decode;
};

/// See Step; the same with D for the data's bytes.
template <class D>
struct TypedStep {
  std::string name{};
  std::function<Body(const D&)> command{};
  std::function<Body(const D&, const Failure& why)> compensation{};
  std::function<std::optional<D>(D, std::string_view payload)> on_reply{};  ///< nothing where the payload cannot be read
  Undo undo = Undo::always;
  Patience patience{};
  Patience undo_patience{};
};

template <class D>
Definition define(std::string name, std::uint32_t version, std::uint32_t data_version, Codec<D> codec, std::vector<TypedStep<D>> steps) {
  const auto decode = [codec, name](std::string_view bytes) -> errors::Result<D> {
    auto data = codec.decode(bytes);
    if (!data) return errors::fail(errors::ErrorKind::internal, "unreadable_saga_data", "The data of a saga " + name + " cannot be read.");
    return std::move(*data);
  };
  const auto build = [&](std::function<Body(const D&)> command) -> Build {
    if (!command) return {};
    return [decode, command = std::move(command)](std::string_view bytes) -> errors::Result<Body> {
      const auto data = decode(bytes);
      if (!data) return errors::pass_on(data);
      return command(*data);
    };
  };
  const auto build_undo = [&](std::function<Body(const D&, const Failure&)> compensation) -> BuildUndo {
    if (!compensation) return {};
    return [decode, compensation = std::move(compensation)](std::string_view bytes, const Failure& why) -> errors::Result<Body> {
      const auto data = decode(bytes);
      if (!data) return errors::pass_on(data);
      return compensation(*data, why);
    };
  };
  const auto take = [&](TypedStep<D>& step) -> OnReply {
    if (!step.on_reply) return {};
    return [decode, encode = codec.encode, step = step.name, on_reply = std::move(step.on_reply)](
               std::string_view bytes, std::string_view payload) -> errors::Result<std::string> {
      auto data = decode(bytes);
      if (!data) return errors::pass_on(data);
      const auto next = on_reply(std::move(*data), payload);
      if (!next) return errors::fail(errors::ErrorKind::malformed, "undecodable_reply", "The reply to " + step + " cannot be decoded.");
      return encode(*next);
    };
  };
  Definition definition{.name = std::move(name), .version = version, .data_version = data_version, .steps = {}};
  for (auto& step : steps) {
    definition.steps.push_back(
        {step.name, build(step.command), build_undo(step.compensation), take(step), step.undo, step.patience, step.undo_patience});
  }
  return definition;
}

}  // namespace pkg::saga
