#pragma once
// What a history entry says happened. Stored and shown, so never changed.

#include <string_view>

namespace pkg::saga::history {

inline constexpr std::string_view started = "started";
inline constexpr std::string_view sent = "sent";
inline constexpr std::string_view sent_again = "sent_again";  ///< no reply in time; detail: which try
inline constexpr std::string_view succeeded = "succeeded";
inline constexpr std::string_view failed = "failed";                ///< detail: the participant's code and sentence
inline constexpr std::string_view given_up = "given_up";            ///< no reply after all tries: it may have happened
inline constexpr std::string_view reply_ignored = "reply_ignored";  ///< late, doubled or foreign; detail: what it answered
inline constexpr std::string_view cancel_requested = "cancel_requested";
inline constexpr std::string_view dropped = "dropped";  ///< a compensation that the cancellation made pointless
inline constexpr std::string_view alert_raised = "alert_raised";
inline constexpr std::string_view alert_cleared = "alert_cleared";
inline constexpr std::string_view refused = "refused";  ///< this program cannot go on with the saga; detail: why
inline constexpr std::string_view completed = "completed";
inline constexpr std::string_view compensated = "compensated";
inline constexpr std::string_view canceled = "canceled";

}  // namespace pkg::saga::history
