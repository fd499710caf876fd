#include "pkg/rest/testing/shelf_service.hpp"

#include <string>

#include "pkg/rest/testing/shelf.pb.h"

namespace pkg::rest::testing {

namespace pb = mallbots::resttest::v1;

rpc::Service shelf_service(std::function<void()> wait) {
  rpc::Service service(pb::Shelf::descriptor()->file()->FindServiceByName("ShelfService"));
  const auto echo = [](const rpc::Call& call, const auto& request) -> errors::Result<pb::Shelf> {
    pb::Shelf shelf;
    shelf.set_id("s1");
    shelf.set_version(7);
    shelf.set_heard(request.ShortDebugString() + "|" + call.caller.subject + "|" + call.cause.correlation_id + "|" +
                    (call.if_match ? std::to_string(*call.if_match) : ""));
    return shelf;
  };
  service.unary<pb::PutUpShelfRequest, pb::Shelf>("PutUpShelf", [echo](const rpc::Call& call, const pb::PutUpShelfRequest& request) {
    if (request.name().empty()) {
      return errors::Result<pb::Shelf>(errors::fail(errors::ErrorKind::rejected, "name_blank", "A shelf needs a name.", "name"));
    }
    return echo(call, request);
  });
  service.unary<pb::GetShelfRequest, pb::Shelf>("GetShelf", [echo](const rpc::Call& call, const pb::GetShelfRequest& request) {
    if (request.id() == "missing") {
      return errors::Result<pb::Shelf>(errors::fail(errors::ErrorKind::not_found, "no_such_shelf", "There is no such shelf."));
    }
    if (request.id() == "broken") {
      return errors::Result<pb::Shelf>(errors::fail(errors::ErrorKind::internal, "sql", "SELECT secret FROM shelves"));
    }
    return echo(call, request);
  });
  service.unary<pb::GetMyShelfRequest, pb::Shelf>("GetMyShelf", echo);
  service.unary<pb::ListShelvesRequest, pb::ListShelvesResponse>(
      "ListShelves", [echo](const rpc::Call& call, const pb::ListShelvesRequest& request) -> errors::Result<pb::ListShelvesResponse> {
        pb::ListShelvesResponse response;
        *response.add_shelves() = *echo(call, request);
        return response;
      });
  service.unary<pb::PaintShelfRequest, pb::Shelf>("PaintShelf", echo);
  service.unary<pb::DustShelfRequest, pb::Shelf>("DustShelf", echo);
  service.unary<pb::ReplaceBookRequest, pb::ReplaceBookResponse>(
      "ReplaceBook", [](const rpc::Call&, const pb::ReplaceBookRequest& request) -> errors::Result<pb::ReplaceBookResponse> {
        pb::ReplaceBookResponse response;
        *response.mutable_book() = request.book();
        if (request.keep_old()) response.mutable_book()->set_title("kept");
        return response;
      });
  service.unary<pb::TearDownShelfRequest, google::protobuf::Empty>(
      "TearDownShelf", [](const rpc::Call&, const pb::TearDownShelfRequest&) -> errors::Result<google::protobuf::Empty> {
        return google::protobuf::Empty();
      });
  service.unary<pb::GetFileRequest, pb::Shelf>("GetFile", [echo, wait](const rpc::Call& call, const pb::GetFileRequest& request) {
    if (request.name() == "wait") wait();
    return echo(call, request);
  });
  service.unary<pb::GetShelfRequest, pb::Shelf>("Internal", echo);
  return service;
}

errors::Result<rpc::Caller> authenticate(std::string_view token) {
  if (token == "user") return rpc::Caller{"u1", {"shopper"}};
  if (token == "librarian") return rpc::Caller{"u2", {"librarian"}};
  return errors::fail(errors::ErrorKind::unauthenticated, "token_not_valid", "The access token is not valid.");
}

}  // namespace pkg::rest::testing
