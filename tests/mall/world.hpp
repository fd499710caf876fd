#pragma once
// A mall with people in it, and the things of one of them, Anna: what tests of access and abuse call about.

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include <google/protobuf/message.h>

#include "pkg/grpc/client.hpp"
#include "tests/mall/journeys.hpp"

namespace mall::testing {

class World {
 public:
  /// Robots do not pick here, so that an order stays approved, its list assigned, until somebody goes on with it.
  explicit World(std::map<std::string, std::string> more_settings = {});

  RunningMall mall;
  Visitor an_operator;
  Storekeeper anna_keeps;   ///< Anna's store
  const Visitor& anna;      ///< whose everything is: a shopper, and the owner of the store
  Storekeeper rival_keeps;
  const Visitor& rival;     ///< owner of another store
  Visitor stranger;         ///< a shopper
  Visitor picker;
  Visitor machine;          ///< a service's token

  /// A token that only gRPC gives.
  std::string service_token() const;

  /// From now on things are made anew for each who asks, and are not the same ones.
  void make_anew(bool anew) { anew_ = anew; }

  // Ids of Anna's things.
  std::string store();          ///< not the one that sells `product()`
  std::string product();        ///< with a counted stock
  std::string basket();         ///< open, `product()` in it
  std::string product_in(const std::string& basket) const { return products_in_.at(basket); }
  std::string payment();        ///< authorized, large enough for the basket
  std::string order();          ///< approved
  std::string shopping_list();  ///< of an approved order, assigned to a bot
  std::string invoice();        ///< pending
  std::string notification();
  std::string user();           ///< Anna; anew: somebody who has just registered
  std::string account();        ///< the username of somebody who can sign in
  std::string refresh_token();  ///< works once, so always a new one

  /// A word that nobody else has.
  std::string unique(std::string_view word);

  /// Digests of what each service keeps, once it is the same for a while.
  std::map<std::string, std::string> contents_at_rest() const;
  std::string contents_at_rest(const std::string& service) const { return at_rest({service}).at(service); }
  std::string contents(std::string_view service) const;

  /// Fails the test where a service's process has ended, is not ready, or does not answer a visitor.
  void expect_alive() const;

  /// By whom and with what answer over gRPC: the status as REST would say it, 200 where it went well.
  int ask_grpc(const google::protobuf::MethodDescriptor& method, const google::protobuf::Message& request, const std::string& token) const;

 private:
  std::map<std::string, std::string> at_rest(const std::vector<std::string>& services) const;
  std::string kept(const std::string& name, const std::function<std::string()>& make);
  std::string approved_order();
  std::string list_of(const std::string& order) const;
  std::string filled_basket();

  bool anew_ = false;
  int made_ = 0;
  std::map<std::string, std::string> products_in_;  ///< by basket
  std::map<std::string, std::string> kept_;
  std::map<std::string, std::unique_ptr<pkg::grpc::Channel>, std::less<>> channels_;
  std::map<std::string, pid_t> processes_;
};

/// The status that REST gives an error of this kind.
int status_of(pkg::errors::ErrorKind kind);

/// Fails the test where the answer is no problem as RFC 9457 and our conventions have it, or where it tells of our insides.
void expect_problem(const Answer& answer, const std::string& what);

/// A request of this RPC that can be answered well by Anna or, where Anna may not, by an operator.
std::unique_ptr<google::protobuf::Message> good_request(std::string_view rpc, World& world);
/// The RPCs that good_request() knows.
std::vector<std::string> rpcs_with_a_good_request();

}  // namespace mall::testing
