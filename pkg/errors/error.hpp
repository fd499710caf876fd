#pragma once
// The one error value that crosses layers. Business rejections and technical failures are both values; which is which, and
// what a caller should conclude, is its kind. How a kind looks outside is decided once per boundary (pkg/rpc, pkg/rest).

#include <expected>
#include <string>
#include <utility>

namespace pkg::errors {

enum class ErrorKind {
  malformed,        ///< the input cannot be understood; the same call fails again
  unauthenticated,  ///< nobody is signed in, or the token is not valid
  forbidden,        ///< signed in, but not allowed to do this
  not_found,        ///< no such thing, or none that the caller may know of
  conflict,         ///< well understood, but not in the present state, or a name is taken
  stale,            ///< the caller named a version that is not the present one
  rejected,         ///< a business rule says no to well-formed input
  too_many,         ///< slow down and try again
  unavailable,      ///< a part we need is away; the same call may succeed later
  contended,        ///< somebody else changed the same thing meanwhile: load again and decide again
  internal,         ///< our fault; nothing the caller can do
};

/// True where doing the same again, unchanged, may succeed.
constexpr bool is_retryable(ErrorKind kind) {
  return kind == ErrorKind::too_many || kind == ErrorKind::unavailable || kind == ErrorKind::contended;
}

struct Error {
  ErrorKind kind = ErrorKind::internal;
  std::string code;    ///< stable and lower_snake_case, for programs: "basket_not_open"
  std::string detail;  ///< one sentence for people; never SQL, stack or secret
  std::string field;   ///< for bad input the JSON path at fault ("items[0].quantity"), else empty

  friend bool operator==(const Error&, const Error&) = default;
};

template <class T = void>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(ErrorKind kind, std::string code, std::string detail, std::string field = {}) {
  return std::unexpected(Error{kind, std::move(code), std::move(detail), std::move(field)});
}

/// Passes a failure on to a caller whose result has another type.
template <class T>
std::unexpected<Error> pass_on(const Result<T>& failed) {
  return std::unexpected(failed.error());
}

}  // namespace pkg::errors
