#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include <boost/json.hpp>

#include "pkg/ids/id_sources.hpp"
#include "pkg/rest/openapi.hpp"
#include "pkg/rest/swagger.hpp"
#include "pkg/rest/testing/shelf_service.hpp"

namespace pkg::rest {
namespace {

using boost::json::object;
using boost::json::value;

class OpenApiTest : public ::testing::Test {
 protected:
  const value& at(std::string_view pointer) { return document_.at_pointer(pointer); }
  Response get(std::string path) { return *site_.plan({.verb = Verb::get, .path = std::move(path)}).answer; }

  /// Calls visit for every object in the document.
  template <class F>
  void each(const value& node, F visit) {
    if (const auto* members = node.if_object()) {
      visit(*members);
      for (const auto& member : *members) each(member.value(), visit);
    } else if (const auto* elements = node.if_array()) {
      for (const auto& element : *elements) each(element, visit);
    }
  }

  ids::CountingIds ids_;
  rpc::Service service_ = testing::shelf_service();
  Site site_{{.services = {&service_}, .authenticate = testing::authenticate, .ids = ids_}};
  value document_ = boost::json::parse(openapi(site_, {.title = "Shelves", .version = "1"}, testing::shelf_descriptors().front().bytes));
};

TEST_F(OpenApiTest, HasAllThatTheStandardAsksFor) {
  EXPECT_EQ(at("/openapi"), "3.0.3");
  EXPECT_EQ(at("/info/title"), "Shelves");
  std::set<std::string> ids;
  int operations = 0;
  for (const auto& path : at("/paths").as_object()) {
    EXPECT_TRUE(path.key().starts_with("/")) << path.key();
    for (const auto& [verb, operation] : path.value().as_object()) {
      ++operations;
      EXPECT_TRUE(ids.insert(operation.at("operationId").as_string().c_str()).second) << operation.at("operationId");
      EXPECT_FALSE(operation.at("responses").as_object().empty());
      std::set<std::string> parameters;
      const auto* list = operation.as_object().if_contains("parameters");
      for (const auto& parameter : list != nullptr ? list->as_array() : boost::json::array()) {
        EXPECT_TRUE(parameter.as_object().contains("schema"));
        const std::string name = parameter.at("name").as_string().c_str();
        EXPECT_TRUE(parameters.insert(name).second) << name;
        if (parameter.at("in") == "path") {
          EXPECT_TRUE(parameter.at("required").as_bool());
          EXPECT_NE(std::string(path.key()).find('{' + name + '}'), std::string::npos) << name << " is not in " << path.key();
        }
      }
      if (verb == "get" || verb == "delete") {
        EXPECT_FALSE(operation.as_object().contains("requestBody"));
      }
    }
  }
  EXPECT_EQ(operations, 10);
}

TEST_F(OpenApiTest, RefersOnlyToWhatIsThere) {
  int references = 0;
  each(document_, [&](const object& node) {
    const auto* reference = node.if_contains("$ref");
    if (reference == nullptr) return;
    ++references;
    EXPECT_EQ(node.size(), 1u) << "nothing counts beside $ref";
    boost::json::error_code error;
    document_.find_pointer(std::string_view(reference->as_string()).substr(1), error);
    EXPECT_FALSE(error) << reference->as_string();
  });
  EXPECT_GT(references, 10);
}

TEST_F(OpenApiTest, TellsWhatTheProtoSays) {
  const auto& create = at("/paths/~1api~1v1~1shelves/post");
  EXPECT_EQ(create.at("summary"), "Puts up a shelf");
  EXPECT_EQ(create.at("description"), "Puts up a shelf.\n\nIt is empty at first.");
  EXPECT_TRUE(create.at("responses").as_object().contains("201"));
  EXPECT_TRUE(create.at("requestBody").at("required").as_bool());
  EXPECT_EQ(create.at_pointer("/requestBody/content/application~1json/schema/properties/name/description"), "Not blank.");
  EXPECT_EQ(create.at_pointer("/security/0/bearer"), boost::json::array());
  EXPECT_EQ(at("/tags/0/description"), "Shelves and their books.");
  EXPECT_EQ(at("/paths/~1api~1v1~1shelves/get/security"), boost::json::array());
  const auto& remove = at("/paths/~1api~1v1~1shelves~1{id}/delete");
  EXPECT_EQ(remove.at("description"), "For these roles: librarian.");
  EXPECT_TRUE(remove.at("responses").as_object().contains("204"));
  EXPECT_TRUE(at("/paths").as_object().contains("/api/v1/shelves/{shelfId}/books/{book.id}"));
  EXPECT_TRUE(at("/paths").as_object().contains("/api/v1/files/{name}"));
  EXPECT_FALSE(boost::json::serialize(document_).find("Internal\"") != std::string::npos) << "a call for gRPC alone is shown";
}

TEST_F(OpenApiTest, DescribesValuesAsTheJsonHasThem) {
  const auto& shelf = at("/components/schemas/Shelf/properties");
  EXPECT_EQ(boost::json::serialize(shelf.at("version")), R"({"type":"integer","format":"int64","minimum":0})");
  EXPECT_EQ(boost::json::serialize(shelf.at("putUpAt")), R"({"type":"string","format":"date-time"})");
  EXPECT_EQ(boost::json::serialize(shelf.at("color")), R"({"type":"string","enum":["RED","BLUE"]})");
  EXPECT_EQ(boost::json::serialize(shelf.at("books")), R"({"type":"array","items":{"$ref":"#/components/schemas/Book"}})");
  EXPECT_EQ(boost::json::serialize(shelf.at("counts")), R"({"type":"object","additionalProperties":{"type":"integer","format":"int64"}})");
  EXPECT_EQ(shelf.at("id").at("description"), "Given by the library.");
  const auto list = boost::json::serialize(at("/paths/~1api~1v1~1shelves/get/parameters"));
  EXPECT_NE(list.find(R"({"name":"filter.minBooks","in":"query","schema":{"type":"integer","format":"int32"}})"), std::string::npos)
      << list;
  EXPECT_NE(list.find(R"({"name":"pageSize","in":"query","description":"At most 100.",)"), std::string::npos) << list;
}

TEST_F(OpenApiTest, IsServedAndShownByPagesOfItsOwn) {
  add_openapi(site_, {.title = "Shelves", .version = "1"}, {});
  add_swagger(site_);
  EXPECT_EQ(get("/openapi.json").content_type, "application/json");
  EXPECT_EQ(get("/openapi.json").content().data(), get("/openapi.json").content().data()) << "it was made twice";
  EXPECT_THAT(std::string(get("/swagger/").content()), ::testing::HasSubstr("../openapi.json"));
  EXPECT_EQ(get("/swagger").status, 308);
  for (const auto& file : swagger_files()) EXPECT_TRUE(file.bytes.starts_with("\x1f\x8b")) << file.name << " is not gzip";
  if (!swagger_files().empty()) {
    EXPECT_EQ(get("/swagger/swagger-ui.css").headers.front().value, "gzip");
  }
}

}  // namespace
}  // namespace pkg::rest
