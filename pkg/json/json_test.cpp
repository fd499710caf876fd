#include <gtest/gtest.h>

#include <string>

#include "pkg/json/json.hpp"
#include "pkg/json/testing/things.pb.h"

namespace pkg::json {
namespace {

using mallbots::jsontest::v1::Fraction;
using mallbots::jsontest::v1::Item;
using mallbots::jsontest::v1::Thing;

std::string round_trip(std::string_view text) {
  Thing thing;
  const auto done = read(text, thing);
  return done ? write(thing) : done.error().code + " at " + done.error().field + ": " + done.error().detail;
}

TEST(Write, ShowsDefaultsAndLeavesOutWhatIsAbsent) {
  EXPECT_EQ(write(Thing{}),
            R"({"id":"","smallNumber":0,"bigNumber":0,"count":0,"version":0,"isNew":false,"color":"RED","raw":"","items":[],)"
            R"("tags":[],"totals":[],"stock":{},"byNumber":{},"history":[]})");
}

TEST(Write, ShowsEveryKindOfValue) {
  Thing thing;
  thing.set_id("a\"b\\c\n\x01\xc3\xa9");
  thing.set_small_number(-2147483648);
  thing.set_big_number(-9223372036854775807 - 1);
  thing.set_version(18446744073709551615u);
  thing.set_is_new(true);
  thing.set_status(Thing::OPEN);
  thing.set_raw(std::string("\x00\xff", 2));
  thing.add_items()->set_quantity(3);
  thing.add_tags("x");
  thing.add_totals(-1);
  thing.mutable_best();
  thing.set_note("");
  thing.set_limit(0);
  thing.mutable_made_at()->set_seconds(1717172400);
  thing.mutable_made_at()->set_nanos(5000);
  thing.mutable_took()->set_seconds(2);
  (*thing.mutable_stock())["k"] = 7;
  (*thing.mutable_by_number())[-4].set_product_id("p");
  thing.add_history(Thing::CLOSED);
  EXPECT_EQ(write(thing),
            "{\"id\":\"a\\\"b\\\\c\\n\\u0001\xc3\xa9\",\"smallNumber\":-2147483648,\"bigNumber\":-9223372036854775808,\"count\":0,"
            "\"version\":18446744073709551615,\"isNew\":true,\"status\":\"OPEN\",\"color\":\"RED\",\"raw\":\"AP8=\","
            "\"items\":[{\"productId\":\"\",\"quantity\":3}],\"tags\":[\"x\"],\"totals\":[-1],\"best\":{\"productId\":\"\",\"quantity\":0},"
            "\"note\":\"\",\"limit\":0,\"madeAt\":\"2024-05-31T16:20:00.000005Z\",\"took\":\"2s\",\"stock\":{\"k\":7},"
            "\"byNumber\":{\"-4\":{\"productId\":\"p\",\"quantity\":0}},\"history\":[\"CLOSED\"]}");
}

TEST(Write, ShowsATimeThatHasNoTextAsNull) {
  Thing thing;
  thing.mutable_made_at()->set_seconds(253'402'300'800);
  thing.mutable_took()->set_seconds(1);
  thing.mutable_took()->set_nanos(-1);
  EXPECT_NE(write(thing).find(R"("madeAt":null,"took":null)"), std::string::npos) << write(thing);
}

TEST(Read, UnderstandsWhatWriteWrites) {
  const std::string text =
      R"({"id":"é\u0001\n","smallNumber":2147483647,"bigNumber":9223372036854775807,"count":4294967295,"version":18446744073709551615,)"
      R"("isNew":true,"status":"CLOSED","color":"BLUE","raw":"AP8=","items":[{"productId":"p","quantity":-1},{"productId":"","quantity":0}],)"
      R"("tags":["a","b"],"totals":[1,2],"best":{"productId":"q","quantity":5},"note":"n","limit":-5,)"
      R"("madeAt":"2024-05-31T16:20:00.000005Z","took":"1.500s","stock":{"k":7},"byNumber":{"4":{"productId":"r","quantity":1}},)"
      R"("byItem":{"productId":"s","quantity":0},"history":["OPEN","OPEN"]})";
  EXPECT_EQ(round_trip(text), text);
}

TEST(Read, TakesAllThatMeansTheSame) {
  struct Case {
    const char* text;
    const char* part;
  };
  for (const auto& [text, part] : {
           Case{R"({"bigNumber":"-12"})", R"("bigNumber":-12)"},
           Case{R"({"version":"18446744073709551615"})", R"("version":18446744073709551615)"},
           Case{R"({"madeAt":"2024-05-31T18:20:00+02:00"})", R"("madeAt":"2024-05-31T16:20:00Z")"},
           Case{R"({"\u0069d":"\ud83d\ude00"})", "\"id\":\"\xf0\x9f\x98\x80\""},
           Case{R"( { "tags" : [ ] , "note" : null, "items": null, "best": null, "madeAt": null, "byMail": null } )", R"("tags":[])"},
           Case{R"({"byMail":null,"byItem":{}})", R"("byItem":{)"},
           Case{R"({"inner":{"inner":{"id":"deep"}}})", R"("id":"deep")"},
       }) {
    const std::string got = round_trip(text);
    EXPECT_NE(got.find(part), std::string::npos) << text << " gave " << got;
  }
}

TEST(Read, RefusesEverythingElseAndNamesTheField) {
  struct Case {
    std::string text;
    const char* code;
    const char* field;
  };
  const auto nested = [](int levels) {
    std::string text;
    for (int i = 1; i < levels; ++i) text += R"({"inner":)";
    text += "{}";
    for (int i = 1; i < levels; ++i) text += '}';
    return text;
  };
  for (const auto& [text, code, field] : {
           Case{"", "malformed_json", ""},
           Case{"   ", "malformed_json", ""},
           Case{"{", "malformed_json", ""},
           Case{"{}x", "malformed_json", ""},
           Case{"{} {}", "malformed_json", ""},
           Case{R"({"id":"x",})", "malformed_json", "id"},
           Case{R"({'id':1})", "malformed_json", ""},
           Case{R"({"id":"x" /* c */})", "malformed_json", "id"},
           Case{R"({"count":01})", "malformed_json", "count"},
           Case{R"({"count":NaN})", "malformed_json", "count"},
           Case{"{\"id\":\"\xff\"}", "malformed_json", "id"},
           Case{"{\"id\":\"\xc0\xaf\"}", "malformed_json", "id"},
           Case{"{\"id\":\"\xed\xa0\x80\"}", "malformed_json", "id"},
           Case{R"({"id":"\ud800"})", "malformed_json", "id"},
           Case{"{\"id\":\"a\nb\"}", "malformed_json", "id"},
           Case{"\xef\xbb\xbf{}", "malformed_json", ""},
           Case{nested(33), "too_deep", nullptr},
           Case{std::string(200'000, '['), "wrong_type", ""},
           Case{R"({"tags":)" + std::string(200'000, '['), "wrong_type", "tags[0]"},
           Case{"[]", "wrong_type", ""},
           Case{"null", "wrong_type", ""},
           Case{"1", "wrong_type", ""},
           Case{"\"x\"", "wrong_type", ""},
           Case{R"({"ID":"x"})", "unknown_field", "ID"},
           Case{R"({"small_number":1})", "unknown_field", "small_number"},
           Case{R"({"items":[{},{"nope":1}]})", "unknown_field", "items[1].nope"},
           Case{R"({"byNumber":{"4":{"nope":1}}})", "unknown_field", "byNumber.4.nope"},
           Case{R"({"id":1})", "wrong_type", "id"},
           Case{R"({"id":true})", "wrong_type", "id"},
           Case{R"({"id":{}})", "wrong_type", "id"},
           Case{R"({"id":["x"]})", "wrong_type", "id"},
           Case{R"({"smallNumber":"1"})", "wrong_type", "smallNumber"},
           Case{R"({"items":[{"quantity":1},{"quantity":1.5}]})", "wrong_type", "items[1].quantity"},
           Case{R"({"smallNumber":1.0})", "wrong_type", "smallNumber"},
           Case{R"({"smallNumber":1e2})", "wrong_type", "smallNumber"},
           Case{R"({"smallNumber":2147483648})", "out_of_range", "smallNumber"},
           Case{R"({"smallNumber":-2147483649})", "out_of_range", "smallNumber"},
           Case{R"({"count":-1})", "out_of_range", "count"},
           Case{R"({"count":4294967296})", "out_of_range", "count"},
           Case{R"({"version":-1})", "out_of_range", "version"},
           Case{R"({"version":"-1"})", "out_of_range", "version"},
           Case{R"({"bigNumber":9223372036854775808})", "out_of_range", "bigNumber"},
           Case{R"({"bigNumber":"9223372036854775808"})", "out_of_range", "bigNumber"},
           Case{R"({"version":18446744073709551616})", "out_of_range", "version"},
           Case{R"({"version":"18446744073709551616"})", "out_of_range", "version"},
           Case{R"({"bigNumber":" 1"})", "wrong_type", "bigNumber"},
           Case{R"({"bigNumber":"+1"})", "wrong_type", "bigNumber"},
           Case{R"({"bigNumber":""})", "wrong_type", "bigNumber"},
           Case{R"({"bigNumber":"1.5"})", "wrong_type", "bigNumber"},
           Case{R"({"id":123456789012345678901234567890})", "wrong_type", "id"},
           Case{R"({"isNew":"true"})", "wrong_type", "isNew"},
           Case{R"({"isNew":1})", "wrong_type", "isNew"},
           Case{R"({"status":1})", "wrong_type", "status"},
           Case{R"({"status":"open"})", "unknown_value", "status"},
           Case{R"({"status":"STATUS_UNSPECIFIED"})", "unknown_value", "status"},
           Case{R"({"history":["OPEN","GONE"]})", "unknown_value", "history[1]"},
           Case{R"({"raw":"AP8"})", "wrong_type", "raw"},
           Case{R"({"raw":"AP9="})", "wrong_type", "raw"},
           Case{R"({"raw":"A==="})", "wrong_type", "raw"},
           Case{R"({"items":{}})", "wrong_type", "items"},
           Case{R"({"items":[null]})", "wrong_type", "items[0]"},
           Case{R"({"items":["x"]})", "wrong_type", "items[0]"},
           Case{R"({"tags":["a",[]]})", "wrong_type", "tags[1]"},
           Case{R"({"tags":"a"})", "wrong_type", "tags"},
           Case{R"({"best":[]})", "wrong_type", "best"},
           Case{R"({"best":"x"})", "wrong_type", "best"},
           Case{R"({"madeAt":1717172400})", "wrong_type", "madeAt"},
           Case{R"({"madeAt":{"seconds":1}})", "wrong_type", "madeAt"},
           Case{R"({"madeAt":"2024-05-31"})", "wrong_type", "madeAt"},
           Case{R"({"madeAt":"2024-13-31T16:20:00Z"})", "wrong_type", "madeAt"},
           Case{R"({"madeAt":"2024-05-31T16:20:00"})", "wrong_type", "madeAt"},
           Case{R"({"madeAt":"2024-05-31T16:20:00Z\u0000"})", "wrong_type", "madeAt"},
           Case{R"({"took":"1 hour"})", "wrong_type", "took"},
           Case{R"({"stock":[]})", "wrong_type", "stock"},
           Case{R"({"stock":7})", "wrong_type", "stock"},
           Case{R"({"stock":{"a":null}})", "wrong_type", "stock.a"},
           Case{R"({"stock":{"a":1,"a":2}})", "duplicate_field", "stock.a"},
           Case{R"({"byNumber":{"x":{}}})", "wrong_type", "byNumber.x"},
           Case{R"({"id":"a","id":"b"})", "duplicate_field", "id"},
           Case{R"({"id":null,"id":"b"})", "duplicate_field", "id"},
           Case{R"({"byMail":"x","byItem":{}})", "conflicting_fields", "byItem"},
           Case{R"({"byItem":{},"byMail":"x"})", "conflicting_fields", "byMail"},
           Case{R"({"id":"a\u0000b"})", "bad_character", "id"},
       }) {
    Thing thing;
    const auto done = read(text, thing);
    ASSERT_FALSE(done) << text.substr(0, 100);
    EXPECT_EQ(done.error().kind, errors::ErrorKind::malformed);
    EXPECT_EQ(done.error().code, code) << text.substr(0, 100) << ": " << done.error().detail;
    if (field != nullptr) {
      EXPECT_EQ(done.error().field, field) << text.substr(0, 100);
    }
  }
  EXPECT_EQ(round_trip(nested(32)).substr(0, 6), R"({"id":)");
}

TEST(Read, RefusesATimeThatNoTextCanBeWrittenFor) {
  for (const char* text : {R"({"madeAt":"9999-12-31T23:59:59-12:00"})", R"({"madeAt":"0001-01-01T00:00:00+12:00"})",
                           R"({"took":"315576000001s"})", R"({"took":"-315576000001s"})"}) {
    Thing thing;
    const auto done = read(text, thing);
    ASSERT_FALSE(done) << text;
    EXPECT_EQ(done.error().code, "out_of_range") << text;
  }
  EXPECT_EQ(round_trip(R"({"took":"-315576000000s"})"), round_trip(R"({"took":"-315576000000.0s"})"));
}

TEST(Read, TakesTheOffsetOffATime) {
  Thing thing;
  ASSERT_TRUE(read(R"({"madeAt":"2024-01-01T00:30:00.5+02:45"})", thing));
  EXPECT_NE(write(thing).find(R"("madeAt":"2023-12-31T21:45:00.500Z")"), std::string::npos) << write(thing);
  for (const char* bad : {"+2:45", "+02:60", "+24:00", " 02:45", "+02-45", "+0245", "ZZ", "+02:45Z", ""}) {
    EXPECT_FALSE(read(std::string(R"({"madeAt":"2024-01-01T00:30:00)") + bad + "\"}", thing)) << bad;
  }
}

TEST(Read, TakesADurationInItsOneFormOnly) {
  for (const char* text : {"--5s", "-s", "s", " 5s", "+5s", "1.s", "1.-5s", ".5s", "1.0000000001s", "--9223372036854775808s", "5"}) {
    Thing thing;
    const auto done = read(std::string(R"({"took":")") + text + "\"}", thing);
    ASSERT_FALSE(done) << text;
    EXPECT_EQ(done.error().code, "wrong_type") << text;
  }
}

TEST(Read, TakesTwoSpellingsOfANumberForOneKeyOfAMap) {
  for (const char* text : {R"({"byNumber":{"7":{},"07":{}}})", R"({"byNumber":{"0":{},"-0":{}}})"}) {
    Thing thing;
    const auto done = read(text, thing);
    ASSERT_FALSE(done) << text;
    EXPECT_EQ(done.error().code, "duplicate_field") << text;
  }
}

TEST(Read, ClipsALongNameInItsError) {
  Thing thing;
  const auto done = read("{\"" + std::string(100'000, 'x') + "\":1}", thing);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().field, std::string(64, 'x'));
}

TEST(Read, RefusesFractionsEvenWhereAFieldWantsThem) {
  Fraction fraction;
  EXPECT_EQ(read(R"({"value":1.5})", fraction).error().code, "wrong_type");
}

TEST(ReadField, TakesTheValueOfThatField) {
  Thing thing;
  const auto& type = *Thing::descriptor();
  EXPECT_TRUE(read_field(R"({"productId":"p"})", thing, *type.FindFieldByName("best")));
  EXPECT_TRUE(read_field(R"([{"quantity":2}])", thing, *type.FindFieldByName("items")));
  EXPECT_TRUE(read_field("7", thing, *type.FindFieldByName("count")));
  EXPECT_EQ(thing.best().product_id(), "p");
  EXPECT_EQ(thing.items(0).quantity(), 2);
  EXPECT_EQ(thing.count(), 7u);
  EXPECT_EQ(read_field("{}", thing, *type.FindFieldByName("items")).error().code, "wrong_type");
}

TEST(ReadParameter, ReadsBareText) {
  struct Case {
    const char* field;
    std::string text;
    const char* code;  // empty where it is read
  };
  for (const auto& [name, text, code] : {
           Case{"id", "x y", ""},
           Case{"id", "", ""},
           Case{"small_number", "-5", ""},
           Case{"count", "5", ""},
           Case{"version", "18446744073709551615", ""},
           Case{"is_new", "true", ""},
           Case{"status", "OPEN", ""},
           Case{"made_at", "2024-05-31T16:20:00Z", ""},
           Case{"tags", "x", ""},
           Case{"limit", "1", ""},
           Case{"small_number", "5x", "wrong_type"},
           Case{"small_number", "", "wrong_type"},
           Case{"count", "-1", "out_of_range"},
           Case{"small_number", "2147483648", "out_of_range"},
           Case{"is_new", "yes", "wrong_type"},
           Case{"status", "1", "unknown_value"},
           Case{"best", "{}", "wrong_type"},
           Case{"stock", "{}", "wrong_type"},
           Case{"id", std::string("a\0b", 3), "bad_character"},
       }) {
    Thing thing;
    const auto done = read_parameter(text, thing, *Thing::descriptor()->FindFieldByName(name));
    EXPECT_EQ(done ? "" : done.error().code, code) << name << "=" << text;
  }
}

}  // namespace
}  // namespace pkg::json
