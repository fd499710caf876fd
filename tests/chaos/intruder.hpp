#pragma once
// Somebody who tries, while everything else happens, what the mall lets nobody do: an attempt that succeeds is a finding.

#include <string>

#include "tests/chaos/caller.hpp"
#include "tests/chaos/goods.hpp"

namespace mall::chaos {

/// Not for several threads at once.
class Intruder {
 public:
  /// `owner` has the goods' stores.
  Intruder(Caller& self, Caller& owner, const Goods& goods) : self_(self), owner_(owner), bait_(goods.bait), run_(self.run()) {}

  /// One attempt of each kind; what gets no answer while faults fall is left for the next time.
  void try_everything();

 private:
  void touch_the_basket_of_another();
  void act_without_the_role();
  void use_a_refresh_token_twice();
  void pay_the_price_of_yesterday();
  void pay_two_orders_with_one_payment();

  /// A basket of the intruder's with the bait in it; its price there in cents, or 0 where somebody did not answer.
  std::int64_t put_the_bait_in_a_basket(std::string& basket);
  /// Its id, or nothing where nobody answered.
  std::string authorize(std::int64_t cents);
  /// Whether there is an order now.
  bool check_out(const std::string& basket, const std::string& payment);
  /// Takes an order to its end, so that nothing of it is left, and says whether it was approved.
  bool is_approved_in_the_end(const std::string& order);
  Reply refresh(const std::string& token);
  void expect_refused(const Reply& reply, const std::string& what) {
    if (reply.is_fine()) run_.find("an intruder may " + what + ": " + reply.body);
  }

  Caller& self_;
  Caller& owner_;
  const std::string bait_;
  Run& run_;
};

}  // namespace mall::chaos
