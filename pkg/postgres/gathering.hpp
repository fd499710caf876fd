#pragma once
// Threads that want the same kind of thing at the same moment do it together. Internal to pkg/postgres.

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

namespace pkg::postgres {

/// While so many groups as may be are under way others gather, and the next takes all of them: nobody waits for company, and the more come
/// at once the less each costs. Of a group that fails each goes by itself, and the next who come as well. Safe from any thread.
class Gathering {
  struct Ear;

 public:
  struct Options {
    std::size_t most;                    ///< go together; 1 is none
    std::size_t at_once;                 ///< so many groups, one alone included
    std::chrono::milliseconds patience;  ///< so long at most one waits for its turn; then all who wait go by themselves
  };
  enum class Fate { decided, to_go_alone };

  /// Whoever wants something, for the time of its call.
  class Member {
   public:
    Member() = default;
    Member(const Member&) = delete;
    Member& operator=(const Member&) = delete;

   private:
    friend class Gathering;
    enum class Lot { leads, goes_alone, done };
    const std::shared_ptr<Ear> ear_ = ear_of_this_thread();  // shared with whoever tells it, who may still be at it when it is gone
    std::atomic<Lot> lot_ = Lot::goes_alone;                 ///< of meaning once its ear was told, just once
  };

  using Together = std::function<Fate(std::span<Member* const>)>;

  explicit Gathering(Options options) : options_(options) {}

  /// True where `member` was among those whom `together` decided, on the thread of one of them. Else `alone` has run; others gather
  /// meanwhile where its turn had come.
  bool go(Member& member, const Together& together, const std::function<void()>& alone);

  struct Figures {
    std::uint64_t groups = 0;   ///< that went, of more than one
    std::uint64_t members = 0;  ///< of these
    std::uint64_t undone = 0;   ///< groups that failed
    std::size_t waiting = 0;    ///< for what is under way
  };
  Figures figures() const;

 private:
  using Lot = Member::Lot;

  static const std::shared_ptr<Ear>& ear_of_this_thread();  // shared with its members and those who tell them
  Lot lot_of(Member& member);
  /// Until it is told, or has waited too long.
  Lot await_turn(Member& member);
  /// Until they are decided, one way or another. True where they were, all together.
  bool lead(Member& leader, const Together& together, const std::function<void()>& alone);
  /// Nobody gathers for a while. Who waited has to be told so, without the mutex.
  std::vector<Member*> part();
  /// Without the mutex. The member is gone as soon as it knows.
  static void tell(Member& member, Lot lot);
  static void tell(std::span<Member* const> members, Lot lot);

  const Options options_;
  mutable std::mutex mutex_;
  std::size_t under_way_ = 0;
  int parted_ = 0;  // so many still go by themselves
  std::deque<Member*> waiting_;
  Figures figures_;
};

}  // namespace pkg::postgres
