#pragma once
// Everything that one service answers over HTTP: its calls, and a few plain addresses beside them.

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/ids/uuid.hpp"
#include "pkg/rest/http.hpp"
#include "pkg/rest/route.hpp"
#include "pkg/rpc/authenticator.hpp"
#include "pkg/rpc/invoke.hpp"
#include "pkg/rpc/service.hpp"

namespace pkg::rest {

class Site {
 public:
  struct Parts {
    std::vector<const rpc::Service*> services;  ///< complete, and alive as long as the site
    rpc::Authenticator authenticate;
    ids::IdSource& ids;           ///< of request ids
    rpc::Observer observe = {};   ///< sees each call once; may be empty
    std::chrono::milliseconds call_timeout{30'000};  ///< from the request's arrival to the deadline that the call carries
  };
  using Page = std::function<Response(const Request&)>;

  explicit Site(Parts parts);

  /// Serves GET and HEAD of exactly this path. The page runs on the network thread, so that it answers even while every worker is
  /// busy: it must not block.
  Site& add_get(std::string path, Page page);

  /// What is wrong with the .proto's rules; a site with any is not served.
  const std::vector<std::string>& faults() const { return faults_; }

  /// What to do about a request. Cheap: no handler runs.
  struct Plan {
    std::string_view route = {};              ///< the template, for logs and metrics; empty for an unknown address
    std::optional<Response> answer = {};      ///< ready already; else there is a call to run
    const Route* call = nullptr;
    std::vector<std::string> path_values = {};
  };
  Plan plan(const Request& request) const;

  /// Runs the call of the plan: who calls, whether they may, what they say, and then the handler. Blocks; for a worker.
  Response call(const Plan& plan, const Request& request, std::chrono::steady_clock::time_point arrived) const;

  ids::IdSource& ids() const { return parts_.ids; }
  const std::vector<Route>& routes() const { return routes_; }
  const std::vector<const rpc::Service*>& services() const { return parts_.services; }

 private:
  struct PlainPage {
    std::string path;
    Page page;
  };

  Plan plan_call(const Request& request) const;

  Parts parts_;
  std::vector<std::string> faults_;
  std::vector<Route> routes_;
  std::vector<PlainPage> pages_;
};

}  // namespace pkg::rest
