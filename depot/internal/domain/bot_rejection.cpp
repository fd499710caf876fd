#include "depot/internal/domain/bot_rejection.hpp"

#include <utility>

namespace depot::domain {
namespace {

using pkg::errors::ErrorKind;

struct Description {
  ErrorKind kind;
  const char* code;
};

Description describe(BotRejection reason) {
  switch (reason) {
    case BotRejection::bot_name_blank: return {ErrorKind::rejected, "bot_name_blank"};
    case BotRejection::bot_name_too_long: return {ErrorKind::rejected, "bot_name_too_long"};
    case BotRejection::bot_name_taken: return {ErrorKind::conflict, "bot_name_taken"};
  }
  std::unreachable();
}

}  // namespace

pkg::errors::Error to_error(const BotRejected& rejected) {
  const auto [kind, code] = describe(rejected.reason);
  return {kind, code, rejected.detail, "name"};
}

}  // namespace depot::domain
