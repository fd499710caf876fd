#pragma once
// A shopper: takes orders from the basket to their ends, whatever falls meanwhile. What became of a request without an answer is found out
// by reading; until that is known nothing is taken for granted.

#include <functional>
#include <optional>
#include <string>

#include "ordering/orderingpb/api.pb.h"
#include "tests/chaos/caller.hpp"
#include "tests/chaos/client_log.hpp"
#include "tests/chaos/goods.hpp"
#include "tests/chaos/plan.hpp"

namespace mall::chaos {

/// Not for several threads at once.
class Shopper {
 public:
  /// `an_operator` cancels invoices that cannot be paid.
  Shopper(Caller& self, Caller& an_operator, ClientLog& log, const Goods& goods)
      : self_(self), operator_(an_operator), log_(log), goods_(goods), run_(self.run()) {}

  /// Comes back when the order has its final state, or when it is clear that it is late; that is a finding.
  void buy(const Plan& plan);

 private:
  using Order = mallbots::ordering::v1::Order;
  /// What reading says: true where the thing is done, false where it is not, nothing where nobody answers.
  using FindOut = std::function<std::optional<bool>()>;

  struct Request {
    std::string step;  ///< "checkout"
    std::string service;
    std::string path;
    std::string body = "{}";
    std::uint64_t version = 0;
  };
  /// Asks, and asks again while nobody knows what came of it. A request without a version may have its effect twice: those that need one
  /// carry it. Gives the settling answer; 200 without a body where reading found it done; status 0 where it was late.
  Reply settle(Caller& who, const Request& request, const FindOut& find_out);

  std::string authorize(std::int64_t cents, const std::string& method);
  std::string start_basket();
  bool fill(const std::string& basket);
  bool check_out(const std::string& basket, const std::string& payment);
  /// Whether the mall has said that the order is canceled.
  bool cancel(const std::string& order);
  /// The order once it fits, or nothing where it is late.
  std::optional<Order> await(const std::string& order, Millis limit, const std::string& what,
                             const std::function<bool(const Order&)>& fits);
  void await_decision(const std::string& order);
  void see_to_the_end(const std::string& order);
  void pay(const std::string& order, const std::string& invoice);
  void cancel_invoice(const std::string& invoice);

  void log(Line line) { log_.write(line); }
  Line line(std::string_view what, std::string_view of) const { return {plan_.number, what, of}; }
  void find(const std::string& what) { run_.find("order " + std::to_string(plan_.number) + ": " + what); }

  Caller& self_;
  Caller& operator_;
  ClientLog& log_;
  const Goods& goods_;
  Run& run_;
  Plan plan_;
  std::uint64_t basket_version_ = 0;
  std::string used_payment_;  ///< one that has paid an order
};

}  // namespace mall::chaos
