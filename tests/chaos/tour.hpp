#pragma once
// Everything that people can ask the mall for beside buying: so that every call and every message is reached.

#include <string>

#include "tests/chaos/caller.hpp"

namespace mall::chaos {

/// An owner, a shopper and an operator going round the mall, with stores, products and orders of their own. Whatever falls meanwhile, each
/// step is asked for until the mall has said yes or no; what came of it is the auditor's to see.
class Tour {
 public:
  Tour(const Ports& ports, Run& run, int number);
  /// Once round.
  void go();

 private:
  /// Asks until the mall has said yes or no. Gives that.
  Reply settle(Caller& who, std::string_view service, std::string_view verb, std::string_view path, std::string_view body = "{}");
  /// Reads until the text is in the answer; false where it does not come in time, which the caller may not care for.
  bool await(Caller& who, std::string_view service, const std::string& path, std::string_view text);
  /// The first id in the answer once there is one; empty where none comes in time.
  std::string await_id(Caller& who, std::string_view service, const std::string& path);

  void keep_an_account();
  void keep_a_store();
  void fill_a_basket();
  void order_and_pay_less();
  void order_and_lose_the_list();
  void order_and_lose_the_invoice();
  void look_around();
  /// Gives the product's id; empty where it cannot be added in time, which is a finding.
  std::string add_product(const std::string& sku);
  /// Puts the product into a basket; false where that is not to be had in time, which is a finding.
  bool add_item(const std::string& basket, int quantity);
  /// Gives the order's id; empty where there is none.
  std::string order();

  const Ports& ports_;
  Run& run_;
  const int number_;
  int round_ = 0;
  Caller owner_, shopper_, operator_;
  std::string store_, product_;
  std::string bought_, paid_with_;  ///< order and payment
};

}  // namespace mall::chaos
