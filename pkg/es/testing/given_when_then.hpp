#pragma once
// Given what has happened, when this is decided, then these events follow, or it is rejected.
//
//   Given<Basket>{started}.when(cancel_by(ann)).then({BasketCanceled{now}});
//   Given<Basket>{}.when(cancel_by(ann)).rejects(BasketRejection::no_such_basket);

#include <gtest/gtest.h>

#include <initializer_list>
#include <utility>
#include <vector>

#include "pkg/es/event_store.hpp"

namespace pkg::es::testing {

template <Aggregate A, class Decision>
class Outcome {
 public:
  explicit Outcome(Decision decision) : decision_(std::move(decision)) {}

  void then(const std::vector<typename A::Event>& events) const {
    ASSERT_TRUE(decision_.has_value()) << "rejected with reason " << static_cast<int>(decision_.error().reason) << ": "
                                       << decision_.error().detail;
    EXPECT_TRUE(*decision_ == events) << "other events than expected: " << decision_->size() << " of them";
  }

  template <class Reason>
  auto rejects(Reason reason) const -> typename Decision::error_type {
    if (decision_.has_value()) {
      ADD_FAILURE() << "accepted, with " << decision_->size() << " events; expected rejection " << static_cast<int>(reason);
      return {reason, {}};
    }
    EXPECT_EQ(static_cast<int>(decision_.error().reason), static_cast<int>(reason)) << decision_.error().detail;
    EXPECT_FALSE(decision_.error().detail.empty()) << "a rejection tells people why";
    return decision_.error();
  }

 private:
  Decision decision_;
};

template <Aggregate A>
class Given {
 public:
  Given() = default;
  Given(std::initializer_list<typename A::Event> history) : state_(fold(A{}, std::vector<typename A::Event>(history))) {}

  const A& state() const { return state_; }

  template <class Decide>
  auto when(Decide decide) const {
    return Outcome<A, std::invoke_result_t<Decide, const A&>>(decide(state_));
  }

 private:
  A state_{};
};

}  // namespace pkg::es::testing
