#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pkg/ids/id_sources.hpp"
#include "pkg/rest/site.hpp"
#include "pkg/rest/testing/shelf_service.hpp"

namespace pkg::rest {
namespace {

using ::testing::HasSubstr;

class SiteTest : public ::testing::Test {
 protected:
  Response send(std::string_view verb, std::string_view target, std::string body = {},
                Request request = {.content_type = "application/json"}) {
    request.verb = parse_verb(verb);
    request.path = target.substr(0, target.find('?'));
    if (request.path.size() < target.size()) request.query = target.substr(request.path.size() + 1);
    request.body = std::move(body);
    request.correlation = correlate("", traceparent_, ids_);
    const auto plan = site_.plan(request);
    route_ = plan.route;
    return plan.answer ? *plan.answer : site_.call(plan, request, std::chrono::steady_clock::now());
  }
  static Request as(std::string token) { return {.authorization = "Bearer " + token, .content_type = "application/json"}; }
  static std::string header(const Response& response, std::string_view name) {
    for (const auto& header : response.headers) {
      if (header.name == name) return header.value;
    }
    return {};
  }

  ids::CountingIds ids_;
  std::string traceparent_;
  std::string route_;
  std::vector<std::string> observed_;
  rpc::Service service_ = testing::shelf_service();
  Site site_{{.services = {&service_}, .authenticate = testing::authenticate, .ids = ids_, .observe = [this](const rpc::Finished& f) {
                observed_.push_back(f.method.name() + (f.error != nullptr ? " " + f.error->code : ""));
              }}};
};

TEST_F(SiteTest, HasNoFaultsInItsRules) { EXPECT_EQ(site_.faults(), std::vector<std::string>{}); }

TEST_F(SiteTest, FillsTheRequestFromPathQueryAndBody) {
  struct Case {
    const char* verb;
    const char* target;
    const char* body;
    const char* heard;
  };
  for (
      const auto& [verb, target, body, heard] : {
          Case{"GET", "/api/v1/shelves/a%20b", "", R"(id: \"a b\"|)"},
          Case{"HEAD", "/api/v1/shelves/x", "", R"(id: \"x\"|)"},
          Case{"GET", "/api/v1/rooms/r/shelves/x", "", R"(id: \"x\" room: \"r\"|)"},
          Case{"GET", "/api/v1/shelves/x?room=r+1", "", R"(id: \"x\" room: \"r 1\"|)"},
          Case{"GET", "/api/v1/shelves/mine", "", R"("heard":"|u1|)"},
          Case{"GET", "/api/v1/files/a/b%2Fc", "", R"(name: \"a/b/c\"|)"},
          Case{
              "GET",
              "/api/v1/shelves?pageSize=5&filter.color=RED&filter.minBooks=0&roomIds=a&roomIds=b&colors=BLUE&isFull=true&since=2024-05-31T16:20:00Z",
              "",
              R"(page_size: 5 filter { color: RED min_books: 0 } room_ids: \"a\" room_ids: \"b\" colors: BLUE is_full: true since { seconds: 1717172400 }|)"},
          Case{"POST", "/api/v1/shelves/x:paint", R"({"color":"RED"})", R"(id: \"x\" color: RED|)"},
          Case{"POST", "/api/v1/shelves/x:paint", R"({"id":"x","color":"RED"})", R"(id: \"x\" color: RED|)"},
          Case{"POST", "/api/v1/shelves/x:dust", "", R"(id: \"x\"|)"},
          Case{"POST", "/api/v1/shelves/x:dust", "{}", R"(id: \"x\"|)"},
          Case{"PUT", "/api/v1/shelves/x/books/b1?keepOld=true", R"({"pages":3})", R"({"id":"b1","title":"kept","pages":3})"},
      }) {
    const auto response = send(verb, target, body, as("user"));
    EXPECT_EQ(response.status, 200) << verb << " " << target << response.body;
    EXPECT_THAT(response.body, HasSubstr(heard)) << verb << " " << target;
    EXPECT_EQ(response.content_type, "application/json");
  }
}

TEST_F(SiteTest, RefusesWhatTheCallDoesNotKnow) {
  struct Case {
    const char* verb;
    const char* target;
    const char* body;
    int status;
    const char* code;
    const char* field;
  };
  for (const auto& [verb, target, body, status, code, field] : {
           Case{"GET", "/nowhere", "", 404, "no_such_address", ""},
           Case{"GET", "/api/v1/shelves/", "", 404, "no_such_address", ""},
           Case{"GET", "/api/v1/shelves/x:nope", "", 404, "no_such_address", ""},
           Case{"GET", "/api/v1/shelves/%ff", "", 400, "bad_path", ""},
           Case{"BREW", "/api/v1/shelves", "", 405, "method_not_allowed", ""},
           Case{"GET", "/api/v1/shelves?nope=1", "", 400, "unknown_parameter", "nope"},
           Case{"GET", "/api/v1/shelves?page_size=1", "", 400, "unknown_parameter", "page_size"},
           Case{"GET", "/api/v1/shelves?filter=x", "", 400, "unknown_parameter", "filter"},
           Case{"GET", "/api/v1/shelves?pageSize.x=1", "", 400, "unknown_parameter", "pageSize.x"},
           Case{"GET", "/api/v1/shelves?pageSize=1&pageSize=1", "", 400, "duplicate_parameter", "pageSize"},
           Case{"GET", "/api/v1/shelves?pageSize=many", "", 400, "wrong_type", "pageSize"},
           Case{"GET", "/api/v1/shelves?pageSize=99999999999", "", 400, "out_of_range", "pageSize"},
           Case{"GET", "/api/v1/shelves?filter.color=PINK", "", 400, "unknown_value", "filter.color"},
           Case{"GET", "/api/v1/shelves?pageToken=%zz", "", 400, "bad_query", ""},
           Case{"GET", "/api/v1/shelves?since=9999-12-31T23:59:59-12:00", "", 400, "out_of_range", "since"},
           Case{"GET", "/api/v1/shelves/x?id=y", "", 400, "unknown_parameter", "id"},
           Case{"GET", "/api/v1/shelves/x", "{}", 400, "body_not_expected", ""},
           Case{"POST", "/api/v1/shelves/x:paint?color=RED", "{}", 400, "unknown_parameter", "color"},
           Case{"POST", "/api/v1/shelves/x:paint", "", 400, "body_missing", ""},
           Case{"POST", "/api/v1/shelves/x:paint", R"({"id":"y"})", 400, "path_conflict", "id"},
           Case{"POST", "/api/v1/shelves/x:paint", R"({"id":""})", 400, "path_conflict", "id"},
           Case{"POST", "/api/v1/shelves/x:paint", R"({"color":"PINK"})", 400, "unknown_value", "color"},
           Case{"POST", "/api/v1/shelves/x:paint", "{", 400, "malformed_json", ""},
           Case{"PUT", "/api/v1/shelves/x/books/b1", R"({"id":"b2"})", 400, "path_conflict", "book.id"},
           Case{"PUT", "/api/v1/shelves/x/books/b1?book.title=t", "{}", 400, "unknown_parameter", "book.title"},
           Case{"POST", "/api/v1/shelves", R"({"name":""})", 422, "name_blank", "name"},
           Case{"GET", "/api/v1/shelves/missing", "", 404, "no_such_shelf", ""},
           Case{"DELETE", "/api/v1/shelves/x", "", 403, "role_missing", ""},
       }) {
    const auto response = send(verb, target, body, as("user"));
    EXPECT_EQ(response.status, status) << verb << " " << target << response.body;
    EXPECT_EQ(response.content_type, "application/problem+json");
    EXPECT_THAT(response.body, HasSubstr("\"code\":\"" + std::string(code) + '"')) << verb << " " << target << " " << body;
    if (*field != '\0') {
      EXPECT_THAT(response.body, HasSubstr("\"field\":\"" + std::string(field) + '"')) << verb << " " << target;
    }
  }
}

TEST_F(SiteTest, NamesTheMethodsThatAnAddressKnows) {
  EXPECT_EQ(header(send("PUT", "/api/v1/shelves"), "Allow"), "GET, HEAD, POST");
  EXPECT_EQ(header(send("GET", "/api/v1/shelves/x:paint"), "Allow"), "POST");
  EXPECT_EQ(header(send("DELETE", "/api/v1/shelves/mine"), "Allow"), "GET, HEAD") << "mine is not an id";
  EXPECT_EQ(route_, "/api/v1/shelves/mine");
}

TEST_F(SiteTest, AnswersAWholeProblem) {
  EXPECT_EQ(send("POST", "/api/v1/shelves", R"({"name":5})", as("user")).body,
            R"({"type":"about:blank","title":"Bad Request","status":400,"detail":"A value of another kind is wanted: a string.",)"
            R"("code":"wrong_type","traceId":"00000000-0000-7000-8000-000000000001","field":"name"})");
  traceparent_ = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  EXPECT_THAT(send("GET", "/nowhere").body, HasSubstr(R"("traceId":"0af7651916cd43dd8448eb211c80319c")"));
}

TEST_F(SiteTest, TellsNothingOfAnInternalError) {
  const auto response = send("GET", "/api/v1/shelves/broken");
  EXPECT_EQ(response.status, 500);
  EXPECT_THAT(response.body, ::testing::Not(HasSubstr("SELECT")));
  EXPECT_THAT(observed_, ::testing::ElementsAre("GetShelf sql"));
}

TEST_F(SiteTest, AsksWhoCallsBeforeItReadsWhatTheySay) {
  EXPECT_EQ(send("POST", "/api/v1/shelves", "{").status, 401);
  EXPECT_EQ(send("POST", "/api/v1/shelves", "{", as("stolen")).status, 401);
  EXPECT_EQ(send("POST", "/api/v1/shelves", "{", {.authorization = "Basic dTpw", .content_type = "text/plain"}).status, 401);
  EXPECT_EQ(send("POST", "/api/v1/shelves", "{", as("")).status, 401);
  EXPECT_EQ(send("POST", "/api/v1/shelves", "{", as("user")).status, 400);
  EXPECT_EQ(header(send("POST", "/api/v1/shelves", "{"), "WWW-Authenticate"), "Bearer");
  EXPECT_EQ(send("GET", "/api/v1/shelves/mine", "", {.authorization = "bEARER  user"}).status, 200);
}

TEST_F(SiteTest, TakesJsonOnly) {
  const auto paint = [this](const char* type) {
    return send("POST", "/api/v1/shelves/x:paint", R"({"color":"RED"})", {.content_type = type}).status;
  };
  EXPECT_EQ(paint("text/plain"), 415);
  EXPECT_EQ(paint(""), 415);
  EXPECT_EQ(paint("application/jsonp"), 415);
  EXPECT_EQ(paint("Application/JSON ; charset=utf-8"), 200);
  EXPECT_EQ(paint("application/merge-patch+json"), 200);
  EXPECT_EQ(send("POST", "/api/v1/shelves/x:dust", "", {.content_type = ""}).status, 200) << "nothing was sent";
}

TEST_F(SiteTest, SaysWhereACreatedThingIsAndWhichVersionItHas) {
  const auto response = send("POST", "/api/v1/shelves", R"({"name":"n"})", as("user"));
  EXPECT_EQ(response.status, 201);
  EXPECT_EQ(header(response, "Location"), "/api/v1/shelves/s1");
  EXPECT_EQ(header(response, "ETag"), "\"7\"");
}

TEST_F(SiteTest, HandsOnTheVersionThatTheCallerInsistsOn) {
  const auto dust = [this](std::string if_match) {
    return send("POST", "/api/v1/shelves/x:dust", "", {.content_type = "", .if_match = std::move(if_match)});
  };
  EXPECT_THAT(dust("\"41\"").body, HasSubstr("|41\""));
  EXPECT_THAT(dust("41").body, HasSubstr("|41\""));
  EXPECT_THAT(dust("*").body, HasSubstr("|\""));
  for (const char* bad : {"\"", "\"\"", "\"41\", \"42\"", "-1", "99999999999999999999", "41 "}) {
    EXPECT_EQ(dust(bad).status, 400) << bad;
  }
}

TEST_F(SiteTest, AnswersNoContentForAnEmptyMessage) {
  const auto response = send("DELETE", "/api/v1/shelves/x", "", as("librarian"));
  EXPECT_EQ(response.status, 204);
  EXPECT_EQ(response.content(), "");
}

TEST_F(SiteTest, ServesPlainPagesByTheirExactPath) {
  site_.add_get("/liveness", [](const Request&) { return Response{.content_type = "text/plain", .body = "ok"}; });
  EXPECT_EQ(send("GET", "/liveness").body, "ok");
  EXPECT_EQ(send("HEAD", "/liveness").status, 200);
  EXPECT_EQ(send("POST", "/liveness").status, 405);
  EXPECT_EQ(send("GET", "/liveness/").status, 404);
}

}  // namespace
}  // namespace pkg::rest
