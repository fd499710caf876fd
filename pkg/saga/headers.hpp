#pragma once
// What marks commands and replies of sagas, in messaging::Message::headers.

#include <string_view>

namespace pkg::saga {

namespace header {
// On commands, and carried back on replies.
inline constexpr std::string_view name = "saga-name";
inline constexpr std::string_view id = "saga-id";
inline constexpr std::string_view step = "saga-step";
inline constexpr std::string_view direction = "saga-direction";  ///< "forward" or "compensation"
// On commands.
inline constexpr std::string_view reply_to = "saga-reply-to";  ///< the channel on which the reply is awaited
// On replies.
inline constexpr std::string_view command_id = "saga-command-id";  ///< the id of the message that is answered
inline constexpr std::string_view outcome = "saga-outcome";        ///< "success" or "failure"
inline constexpr std::string_view failure_code = "saga-failure-code";
inline constexpr std::string_view failure_detail = "saga-failure-detail";
inline constexpr std::string_view payload_type =
    "saga-payload-type";  ///< the payload's full protobuf name; absent where there is no payload
}  // namespace header

inline constexpr std::string_view success = "success";
inline constexpr std::string_view failure = "failure";

/// The type of every reply, whatever its payload, so that a coordinator needs one handler only.
inline constexpr std::string_view reply_type = "pkg.saga.Reply";

}  // namespace pkg::saga
