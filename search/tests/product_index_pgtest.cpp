// The product index: what is found by which words, in which order, and what is learned in any order.

#include <algorithm>
#include <set>

#include "search/tests/pg_ports.hpp"
#include "search/tests/samples.hpp"

namespace search::tests {
namespace {

using app::ProductQuery;
using app::ProductSort;
using Names = std::vector<std::string>;

class Products : public ::testing::Test {
 protected:
  const domain::StoreId north = id<domain::StoreId>(21);
  const domain::StoreId south = id<domain::StoreId>(22);

  template <class Fact>
  void learn(const Fact& fact) {
    const auto done = ports.transactor().run({}, [&](pkg::uow::UnitOfWork& unit) -> pkg::errors::Result<> {
      ports.products().learn(unit, fact);
      return {};
    });
    ASSERT_TRUE(done) << done.error().code;
  }
  void open(const domain::StoreId& store, const std::string& name) { learn(app::StoreFact{store, name, true, 2}); }
  void add(std::uint64_t n, const std::string& name, std::int64_t price = 100, const std::string& description = "",
           std::optional<domain::StoreId> store = {}) {
    learn(app::ProductFact{id<domain::ProductId>(n), app::ProductFact::Origin{store.value_or(north), "SKU-" + std::to_string(n)},
                           app::ProductFact::Brand{name, description}, eur(price), false, 1});
  }
  pkg::errors::Result<pkg::paging::Slice<app::FoundProduct>> find(const ProductQuery& query) {
    return ports.transactor().run_for({}, [&](pkg::uow::UnitOfWork& unit) { return ports.products().find(unit, query); });
  }
  Names names(const ProductQuery& query) {
    const auto found = find(query);
    EXPECT_TRUE(found) << found.error().code << " for " << query.words;
    Names names;
    if (!found) return names;
    for (const auto& product : found->items) names.push_back(product.name);
    return names;
  }
  Names by_words(const std::string& words) {
    ProductQuery query;
    query.words = words;
    return names(query);
  }
  /// All pages of two, while `disturb` happens between them.
  template <class F>
  Names pages(ProductQuery query, F disturb) {
    Names seen;
    query.page.size = 2;
    for (int page = 0; page < 100; ++page) {
      const auto found = find(query);
      EXPECT_TRUE(found) << found.error().code;
      if (!found) break;
      for (const auto& product : found->items) seen.push_back(product.name);
      if (found->next.empty()) break;
      query.page.after = found->next;
      disturb(page);
    }
    return seen;
  }
  void fill_shelves() {
    open(north, "North");
    add(1, "Green tea", 250, "Loose leaves from Japan");
    add(2, "Black tea", 200, "Strong");
    add(3, "Chocolate with cherries", 300, "Goes well with green tea");
    add(4, "K\u00e4se aus dem Allg\u00e4u", 900, "Kr\u00e4ftig");
    add(5, "Apple juice", 150, "Pressed from ripe apples");
    add(6, "O'Brien's whiskey & soda (0.5 l)", 1900, "It's strong");
    add(7, "\u0427\u0430\u0439 \u0447\u0451\u0440\u043d\u044b\u0439", 220);
  }

  PgPorts ports;
};

TEST_F(Products, AreFoundByWordsAsPeopleTypeThem) {
  fill_shelves();
  struct Case {
    const char* what;
    std::string words;
    Names expected;
  };
  const Case cases[] = {
      {"a word in any case", "GREEN", {"Green tea", "Chocolate with cherries"}},
      {"the name counts more than the description", "green tea", {"Green tea", "Chocolate with cherries"}},
      {"all words", "black tea", {"Black tea"}},
      {"the words in another order", "tea black", {"Black tea"}},
      {"the last word unfinished", "choc", {"Chocolate with cherries"}},
      {"an earlier word unfinished", "bla tea", {}},
      {"an English stem", "apple juices", {"Apple juice"}},
      {"words that say nothing", "the juice of the apples", {"Apple juice"}},
      {"nothing but a word that says nothing", "from", {"Apple juice", "Green tea"}},
      {"the beginning of a word, which is a word that says nothing", "i", {"O'Brien's whiskey & soda (0.5 l)"}},
      {"nothing but words that say nothing, and nobody has", "the and", {}},
      {"a typing error", "choclate", {"Chocolate with cherries"}},
      {"another", "grean tea", {"Green tea", "Chocolate with cherries"}},
      {"a letter too many", "whisskey", {"O'Brien's whiskey & soda (0.5 l)"}},
      {"an umlaut", "K\u00e4se", {"K\u00e4se aus dem Allg\u00e4u"}},
      {"an umlaut left out", "kase allgau", {"K\u00e4se aus dem Allg\u00e4u"}},
      {"another alphabet", "\u0447\u0430\u0439", {"\u0427\u0430\u0439 \u0447\u0451\u0440\u043d\u044b\u0439"}},
      {"an apostrophe", "o'brien's", {"O'Brien's whiskey & soda (0.5 l)"}},
      {"quotes", "\"green tea\"", {"Green tea", "Chocolate with cherries"}},
      {"an sku", "sku-5", {"Apple juice"}},
      {"a word that nobody has", "screwdriver", {}},
      {"one of the words nobody has", "tea screwdriver", {}},
      {"only signs", "&|!():*'\"<->\\", {}},
      {"signs among words", "black & !(tea):* | <-> \\ '", {"Black tea"}},
      {"what might end a statement", "tea'); DROP TABLE products; --", {}},
      {"a percent sign and an underscore", "%_%", {}},
  };
  for (const auto& each : cases) EXPECT_EQ(by_words(each.words), each.expected) << each.what << ": " << each.words;
}

TEST_F(Products, AreAllFoundByNameWhereNothingIsTyped) {
  open(north, "North");
  add(1, "Banana");
  add(2, "\u00c4pfel");
  add(3, "cherry");
  EXPECT_EQ(by_words(""), (Names{"\u00c4pfel", "Banana", "cherry"}));
  EXPECT_EQ(by_words(" \t\n"), (Names{"\u00c4pfel", "Banana", "cherry"}));
}

TEST_F(Products, AreLookedForByAnyThreeHundredCharacters) {
  fill_shelves();
  std::string same, different;
  for (int i = 0; i < 75; ++i) {
    same += "tea ";
    different += static_cast<char>('a' + i % 26);
    different += static_cast<char>('a' + i / 26) + std::string("x ");
  }
  EXPECT_EQ(by_words(same).size(), 3u);
  EXPECT_TRUE(by_words(different).empty());
  EXPECT_TRUE(by_words(std::string(300, 'x')).empty());
  EXPECT_TRUE(by_words(std::string(300, '\'')).empty());
  std::string wide;
  for (int i = 0; i < 300; ++i) wide += "\U0001F375";
  EXPECT_TRUE(by_words(wide).empty());
}

TEST_F(Products, WithTheVeryWordsComeBeforeThoseThatLookLikeThem) {
  open(north, "North");
  add(1, "Cherries");
  add(2, "Cherry tree");
  EXPECT_EQ(by_words("cherry tree"), (Names{"Cherry tree"}));
  EXPECT_EQ(by_words("chery tree"), (Names{"Cherry tree"}));
  EXPECT_EQ(by_words("chery").size(), 2u);
}

TEST_F(Products, AreFoundByShortWordsWithOneSlipAndNoMore) {
  open(north, "North");
  const Names shelf{"Grey", "Graph", "Grape", "Great", "Grain", "Gravel", "Soap", "Brown mug", "Knife", "\u0441\u0443\u043f\u044b"};
  for (std::size_t i = 0; i < shelf.size(); ++i) add(i + 1, shelf[i]);
  struct Case {
    const char* what;
    std::string words;
    Names expected;
  };
  const Case cases[] = {
      {"a wrong letter", "gray", {"Grey"}},
      {"a wrong letter at the beginning", "trey", {"Grey"}},
      {"a wrong letter at the end", "soab", {"Soap"}},
      {"two letters swapped", "gery", {"Grey"}},
      {"two letters swapped at the beginning", "rgey", {"Grey"}},
      {"two letters swapped in a word of five", "borwn", {"Brown mug"}},
      {"two letters swapped in a word of five, at the end", "knief", {"Knife"}},
      {"a letter too many", "soapp", {"Soap"}},
      {"a letter missing", "knfe", {"Knife"}},
      {"a letter missing at the beginning", "nife", {"Knife"}},
      {"a wrong letter of another alphabet", "\u0441\u0430\u043f\u044b", {"\u0441\u0443\u043f\u044b"}},
      {"an earlier word", "bronw mug", {"Brown mug"}},
      {"two wrong letters", "glay", {}},
      {"two wrong letters in a word that begins alike", "grab", {}},
      {"the same letters in another order", "yerg", {}},
      {"words of three letters are not guessed at", "nug", {}},
      {"a sign that stands for any letter elsewhere", "gr_y", {}},
      {"a word that is there is meant", "great", {"Great"}},
  };
  for (const auto& each : cases) EXPECT_EQ(by_words(each.words), each.expected) << each.what << ": " << each.words;
}

TEST_F(Products, AreFilteredAndSorted) {
  open(north, "North");
  open(south, "South");
  add(1, "Tea A", 300);
  add(2, "Tea B", 100, "", south);
  add(3, "Tea C", 200);
  learn(app::ProductFact{id<domain::ProductId>(4), app::ProductFact::Origin{north, "X"}, app::ProductFact::Brand{"Tea D", ""},
                         pkg::money::Money{*pkg::money::Currency::parse("USD"), 250}, false, 1});
  const auto expect = [this](auto narrow, const Names& expected, const char* what) {
    for (const auto* words : {"", "tea"}) {
      ProductQuery query;
      query.words = words;
      query.sort = ProductSort::price;
      narrow(query);
      EXPECT_EQ(names(query), expected) << what << " with words '" << words << "'";
    }
  };
  expect([](auto&) {}, {"Tea B", "Tea C", "Tea D", "Tea A"}, "by price, whatever the currency");
  expect([](auto& q) { q.sort = ProductSort::price_descending; }, {"Tea A", "Tea D", "Tea C", "Tea B"}, "dearest first");
  expect([](auto& q) { q.sort = ProductSort::name; }, {"Tea A", "Tea B", "Tea C", "Tea D"}, "by name");
  expect([this](auto& q) { q.store = south; }, {"Tea B"}, "of a store");
  expect([](auto& q) { q.currency = pkg::money::Currency::parse("EUR"); }, {"Tea B", "Tea C", "Tea A"}, "in a currency");
  expect([](auto& q) { q.min_price = 200; }, {"Tea C", "Tea D", "Tea A"}, "from a price on");
  expect([](auto& q) { q.max_price = 200; }, {"Tea B", "Tea C"}, "up to a price");
}

TEST_F(Products, OfEverySortComeInPagesThatNeitherRepeatNorSkipWhileProductsAreAdded) {
  open(north, "North");
  for (std::uint64_t n = 1; n <= 7; ++n) add(n, "Tea " + std::to_string(n), static_cast<std::int64_t>(100 * (n % 3)));
  std::uint64_t next = 100;
  for (const auto sort : {ProductSort::relevance, ProductSort::price, ProductSort::price_descending, ProductSort::name}) {
    for (const auto* words : {"", "tea"}) {
      ProductQuery query;
      query.words = words;
      query.sort = sort;
      const auto seen = pages(query, [&](int page) {
        if (page > 3) return;
        ++next;
        add(next, "Tea new " + std::to_string(next), static_cast<std::int64_t>(next % 400));
      });
      EXPECT_EQ(std::set(seen.begin(), seen.end()).size(), seen.size()) << "something was repeated";
      for (int n = 1; n <= 7; ++n) {
        EXPECT_EQ(std::ranges::count(seen, "Tea " + std::to_string(n)), 1)
            << "Tea " << n << " was skipped, sort " << static_cast<int>(sort) << " with words '" << words << "'";
      }
    }
  }
}

TEST_F(Products, RefuseACursorOfAnotherSort) {
  open(north, "North");
  for (std::uint64_t n = 1; n <= 3; ++n) add(n, "Tea " + std::to_string(n));
  ProductQuery query;
  query.sort = ProductSort::price;
  query.page.size = 2;
  query.page.after = find(query)->next;
  ASSERT_EQ(query.page.after.size(), app::ProductIndex::cursor_parts);
  EXPECT_EQ(names(query), (Names{"Tea 3"}));
  query.sort = ProductSort::name;
  EXPECT_EQ(find(query).error().code, "malformed_page_token");
  query.sort = ProductSort::price;
  query.page.after[1] = "cheap";
  EXPECT_EQ(find(query).error().code, "malformed_page_token");
}

TEST_F(Products, AreFoundOnceTheyAndTheirStoreAreFullyKnownAndItTakesPart) {
  add(1, "Tea", 250, "Green");
  EXPECT_TRUE(by_words("tea").empty()) << "the store is not known";
  learn(app::StoreFact{north, "North", false, 1});
  EXPECT_TRUE(by_words("tea").empty()) << "it does not take part";
  learn(app::StoreFact{north, {}, true, 2});
  ProductQuery query;
  query.words = "tea";
  const auto found = find(query);
  ASSERT_TRUE(found);
  ASSERT_EQ(found->items.size(), 1u);
  const auto& tea = found->items[0];
  EXPECT_EQ(tea.id, id<domain::ProductId>(1));
  EXPECT_EQ(tea.store, north);
  EXPECT_EQ(tea.store_name, "North");
  EXPECT_EQ(tea.description, "Green");
  EXPECT_EQ(tea.sku, "SKU-1");
  EXPECT_EQ(tea.price, eur(250));
  learn(app::StoreFact{north, "Far north", {}, 3});
  EXPECT_EQ(find(query)->items.at(0).store_name, "Far north");
  learn(app::StoreFact{north, {}, false, 4});
  EXPECT_TRUE(by_words("tea").empty());
}

TEST_F(Products, MayBeHeardOfInAnyOrderAndTheNewestOfEachSortHolds) {
  const auto tea = id<domain::ProductId>(1);
  learn(app::StoreFact{north, {}, true, 5});
  learn(app::StoreFact{north, {}, false, 4});
  learn(app::StoreFact{north, "North", false, 1});
  learn(app::ProductFact{tea, {}, {}, eur(300), false, 3});
  learn(app::ProductFact{tea, {}, app::ProductFact::Brand{"Green tea", "Better"}, {}, false, 4});
  learn(app::ProductFact{tea, {}, {}, eur(275), false, 2});
  for (int i = 0; i < 2; ++i) add(1, "Tea", 250, "Good");
  ProductQuery query;
  const auto found = find(query);
  ASSERT_TRUE(found);
  ASSERT_EQ(found->items.size(), 1u);
  EXPECT_EQ(found->items[0].name, "Green tea");
  EXPECT_EQ(found->items[0].description, "Better");
  EXPECT_EQ(found->items[0].price, eur(300));
  EXPECT_EQ(by_words("better"), (Names{"Green tea"}));
  EXPECT_TRUE(by_words("good").empty());
}

TEST_F(Products, ThatAreRemovedStayAwayWhateverComesLate) {
  open(north, "North");
  learn(app::ProductFact{id<domain::ProductId>(1), {}, {}, {}, true, 4});
  add(1, "Tea");
  EXPECT_TRUE(by_words("tea").empty());
  EXPECT_TRUE(by_words("").empty());
}

}  // namespace
}  // namespace search::tests
