#include "tests/mall/world.hpp"

#include <array>

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include "pkg/testing/wait.hpp"
#include "search/searchpb/api.pb.h"
#include "tests/mall/rpcs.hpp"
#include "users/userspb/api.pb.h"

namespace mall::testing {
namespace {

MallOptions options(std::map<std::string, std::string> settings) {
  settings.insert({{"DEPOT_ROBOTS", "false"}, {"DEPOT_INITIAL_BOTS", "500"}});
  return {.settings = std::move(settings)};
}

constexpr std::int64_t price = 73'311;  // that no other text has in it

/// The answer to "what is refused": nothing of how we do it.
constexpr std::array<std::string_view, 12> insides{"SELECT ",  "INSERT INTO", "UPDATE ", "ERROR:",   "SQLSTATE", "libpq",
                                                   "violates", "pg_",         "std::",   "terminat", ".cpp",     "exception"};

}  // namespace

World::World(std::map<std::string, std::string> more_settings)
    : mall(options(std::move(more_settings))),
      an_operator(mall.an_operator()),
      anna_keeps(mall),
      anna(anna_keeps.owner),
      rival_keeps(mall),
      rival(rival_keeps.owner),
      stranger(new_shopper(mall)),
      picker(new_shopper(mall)),
      machine(mall.visitor()) {
  for (const auto& service : RunningMall::service_names()) {
    channels_[service] =
        std::make_unique<pkg::grpc::Channel>(pkg::grpc::ChannelOptions{.target = "127.0.0.1:" + std::to_string(mall.grpc_port(service))});
    processes_[service] = mall.process(service).pid();
  }
  an_operator.done("/users/" + picker.id() + ":grantRole", R"({"role":"picker"})");
  picker.sign_in_again();
  machine.use_token(service_token());
}

std::string World::service_token() const {
  mallbots::users::v1::CreateServiceSessionRequest request;
  request.set_service("notifications");
  request.set_secret(RunningMall::service_secret);
  const auto session = pkg::grpc::Client(*channels_.at("users"))
                           .call<mallbots::users::v1::CreateServiceSessionRequest, mallbots::users::v1::ServiceSession>(
                               "mallbots.users.v1.UsersService.CreateServiceSession", request);
  EXPECT_TRUE(session) << session.error().detail;
  return session ? session->access_token() : "";
}

std::string World::unique(std::string_view word) { return std::string(word) + "-" + std::to_string(++made_); }

std::string World::kept(const std::string& name, const std::function<std::string()>& make) {
  if (anew_) return make();
  auto& id = kept_[name];
  if (id.empty()) id = make();
  return id;
}

std::string World::store() {
  return kept("store", [&] { return anna.done("/stores", R"({"name":"South","location":"Level 3"})").text("id"); });
}
std::string World::product() {
  return kept("product", [&] { return anna_keeps.add_product(price, 1'000); });
}

std::string World::filled_basket() {
  const auto what = anna_keeps.add_product(price, 1'000);
  const auto made = fill_basket(anna, {{what, 1}});
  products_in_[made] = what;
  return made;
}
std::string World::basket() {
  return kept("basket", [&] { return filled_basket(); });
}
std::string World::payment() {
  return kept("payment", [&] { return authorize(anna, price * 10); });
}

std::string World::approved_order() {
  // Its product is its own: the one of the other things may have been removed.
  const auto order = check_out(anna, fill_basket(anna, {{anna_keeps.add_product(price, 1'000), 1}}), authorize(anna, price * 10));
  await_order(anna, order, Order::APPROVED);
  anna.await<mallbots::search::v1::FoundOrder>(
      "/search/orders/" + order, [](const auto& found) { return found.status() == "APPROVED"; }, "search to know of the order");
  return order;
}
std::string World::order() {
  return kept("order", [&] { return approved_order(); });
}

std::string World::list_of(const std::string& order) const {
  const auto lists = an_operator.await<mallbots::depot::v1::ListShoppingListsResponse>(
      "/shopping-lists?orderId=" + order,
      [](const auto& seen) { return seen.shopping_lists_size() == 1 && seen.shopping_lists(0).status() == ShoppingList::ASSIGNED; },
      "the order's list to be assigned");
  return lists.shopping_lists_size() == 1 ? lists.shopping_lists(0).id() : "";
}
std::string World::shopping_list() {
  return kept("list", [&] { return list_of(approved_order()); });
}

std::string World::invoice() {
  return kept("invoice", [&] {
    const auto order = approved_order();
    an_operator.done("/shopping-lists/" + list_of(order) + ":complete");
    return anna.await<Order>("/orders/" + order, [](const Order& seen) { return seen.has_invoice_id(); }, "the invoice").invoice_id();
  });
}

std::string World::notification() {
  return kept("notification", [&] {
    const auto told = anna.await<mallbots::notifications::v1::ListNotificationsResponse>(
        "/notifications", [](const auto& seen) { return seen.notifications_size() > 0; }, "a message to Anna");
    return told.notifications(0).id();
  });
}

std::string World::user() {
  if (!anew_) return anna.id();
  auto somebody = mall.visitor();
  somebody.register_as("somebody");
  return somebody.id();
}

std::string World::account() {
  return kept("account", [&] {
    auto somebody = mall.visitor();
    somebody.register_as("somebody");
    return somebody.username();
  });
}

std::string World::refresh_token() {
  auto again = mall.visitor();
  again.sign_in(anna.username(), Visitor::password);
  return again.refresh_token();
}

std::string World::contents(std::string_view service) const {
  // What a payment was asked of the gateway for is written down before it is asked, and stays until it has been looked at again.
  constexpr std::array<std::string_view, 2> books_of_the_gateway{"public.gateway_tasks:", "public.sandbox"};
  std::string kept;
  const auto whole = mall.contents(service);
  for (std::string_view rest = whole; !rest.empty();) {
    const auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    const bool ignored = std::ranges::any_of(books_of_the_gateway, [&](auto name) { return line.starts_with(name); });
    if (!ignored) kept.append(line).append("\n");
  }
  return kept;
}

std::map<std::string, std::string> World::contents_at_rest() const { return at_rest(RunningMall::service_names()); }

std::map<std::string, std::string> World::at_rest(const std::vector<std::string>& services) const {
  std::map<std::string, std::string> last;
  int same = 0;
  pkg::testing::wait_until(
      [&] {
        std::map<std::string, std::string> now;
        for (const auto& service : services) now[service] = contents(service);
        same = now == last ? same + 1 : 0;
        last = std::move(now);
        return same == 2;
      },
      "the mall to come to rest", std::chrono::seconds{30});
  return last;
}

void World::expect_alive() const {
  for (const auto& service : RunningMall::service_names()) {
    auto& process = const_cast<RunningMall&>(mall).process(service);
    EXPECT_TRUE(process.is_running()) << service << "; the end of its log:\n" << process.log();
    EXPECT_EQ(process.pid(), processes_.at(service)) << service;
    mall.await_ready(service);
  }
}

int World::ask_grpc(const google::protobuf::MethodDescriptor& method, const google::protobuf::Message& request,
                    const std::string& token) const {
  const auto service = std::ranges::find(all_rpcs(), &method, &Rpc::method)->service;
  const auto source =
      token.empty() ? pkg::grpc::TokenSource{} : pkg::grpc::TokenSource([&]() -> pkg::errors::Result<std::string> { return token; });
  const std::unique_ptr<google::protobuf::Message> response(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(method.output_type())->New());
  const auto done = pkg::grpc::Client(*channels_.at(service), source).call(method, request, *response);
  return done ? 200 : status_of(done.error().kind);
}

int status_of(pkg::errors::ErrorKind kind) {
  using pkg::errors::ErrorKind;
  switch (kind) {
    case ErrorKind::malformed: return 400;
    case ErrorKind::unauthenticated: return 401;
    case ErrorKind::forbidden: return 403;
    case ErrorKind::not_found: return 404;
    case ErrorKind::conflict:
    case ErrorKind::contended: return 409;
    case ErrorKind::stale: return 412;
    case ErrorKind::rejected: return 422;
    case ErrorKind::too_many: return 429;
    case ErrorKind::unavailable: return 503;
    case ErrorKind::internal: return 500;
  }
  return 500;
}

void expect_problem(const Answer& answer, const std::string& what) {
  const auto type = answer.headers.find("content-type");
  EXPECT_TRUE(type != answer.headers.end() && type->second == "application/problem+json") << what << ": " << answer.body;
  google::protobuf::Struct problem;
  const auto parsed = google::protobuf::util::JsonStringToMessage(answer.body, &problem);
  EXPECT_TRUE(parsed.ok()) << what << ": no JSON: " << answer.body;
  const auto text = [&](const char* name) {
    const auto found = problem.fields().find(name);
    return found == problem.fields().end() ? std::string() : found->second.string_value();
  };
  for (const char* name : {"type", "title", "detail", "code", "traceId"}) EXPECT_FALSE(text(name).empty()) << what << ": no " << name;
  const auto status = problem.fields().find("status");
  EXPECT_TRUE(status != problem.fields().end() && status->second.number_value() == answer.status) << what << ": " << answer.body;
  for (const auto inside : insides) EXPECT_FALSE(answer.body.contains(inside)) << what << " tells of our insides: " << answer.body;
}

}  // namespace mall::testing
