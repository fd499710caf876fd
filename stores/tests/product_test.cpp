// The rules of a product: given what has happened, when somebody does something, then this happens or is refused.

#include "stores/internal/domain/product.hpp"

#include <gtest/gtest.h>

#include <set>

#include "pkg/es/testing/given_when_then.hpp"
#include "pkg/ids/id_sources.hpp"

namespace stores::domain {
namespace {

using pkg::es::testing::Given;
using R = ProductRejection;

UserId user(std::uint64_t n) { return UserId{pkg::ids::CountingIds::nth(n)}; }
pkg::money::Money eur(std::int64_t cents) { return {*pkg::money::Currency::parse("EUR"), cents}; }
pkg::money::Money usd(std::int64_t cents) { return {*pkg::money::Currency::parse("USD"), cents}; }

const Actor ann{user(1)};
const Actor bob{user(2)};
const Actor operator_{user(3), true};
const StoreId north_id{pkg::ids::CountingIds::nth(21)};
const Store north{true, ann.user, "North", "Hall 1", false};

const NewProduct new_tea{"Tea", "Green, 100 g", "T-1", eur(250), 10};
const ProductEvent added = ProductAdded{north_id, "Tea", "Green, 100 g", "T-1", eur(250)};
const Given<Product> nothing{};
const Given<Product> on_sale{added};
const Given<Product> removed{added, ProductRemoved{}};

auto add_it(const NewProduct& what, const Actor& actor = ann, const Store& store = north) {
  return [=](const Product& product) { return add_product(product, north_id, store, actor, what); };
}
auto rebrand_by(const Actor& actor, std::string name, std::string description = "Green, 100 g") {
  return [=](const Product& product) { return rebrand(product, north, actor, name, description); };
}
auto increase_to(pkg::money::Money price, const Actor& actor = ann) {
  return [=](const Product& product) { return increase_price(product, north, actor, price); };
}
auto decrease_to(pkg::money::Money price, const Actor& actor = ann) {
  return [=](const Product& product) { return decrease_price(product, north, actor, price); };
}
auto remove_by(const Actor& actor) {
  return [=](const Product& product) { return remove(product, north, actor); };
}
NewProduct tea_with(auto change) {
  NewProduct tea = new_tea;
  change(tea);
  return tea;
}

TEST(AddProduct, PutsItOnSaleForTheOwnerOfTheStoreOrAnOperator) {
  for (const auto& actor : {ann, operator_}) nothing.when(add_it(new_tea, actor)).then({added});
  EXPECT_EQ(on_sale.state(), (Product{ProductStatus::on_sale, north_id, "Tea", "Green, 100 g", "T-1", eur(250)}));
}

TEST(AddProduct, DoesNothingTheSecondTime) { on_sale.when(add_it(new_tea)).then({}); }

TEST(AddProduct, NeedsAStoreOfTheCallers) {
  nothing.when(add_it(new_tea, ann, Store{})).rejects(R::no_such_store);
  nothing.when(add_it(new_tea, bob)).rejects(R::not_your_store);
}

TEST(AddProduct, TakesTheLongestTextsTheSmallestPriceAndAnEmptyOrUnlimitedStock) {
  const auto longest = tea_with([](NewProduct& tea) {
    tea.name = std::string(max_name_bytes, 'x');
    tea.description = std::string(max_description_bytes, 'x');
    tea.sku = std::string(max_sku_bytes, 'x');
    tea.price = eur(1);
    tea.stock = 0;
  });
  nothing.when(add_it(longest)).then({ProductAdded{north_id, longest.name, longest.description, longest.sku, eur(1)}});
  nothing.when(add_it(tea_with([](NewProduct& tea) { tea.stock.reset(); }))).then({added});
}

TEST(AddProduct, IsRefusedWithWhatIsNotSound) {
  const struct {
    R reason;
    NewProduct what;
  } cases[] = {
      {R::product_name_blank, tea_with([](NewProduct& tea) { tea.name = " "; })},
      {R::product_name_too_long, tea_with([](NewProduct& tea) { tea.name = std::string(max_name_bytes + 1, 'x'); })},
      {R::product_description_too_long, tea_with([](NewProduct& tea) { tea.description = std::string(max_description_bytes + 1, 'x'); })},
      {R::sku_blank, tea_with([](NewProduct& tea) { tea.sku = "\t"; })},
      {R::sku_too_long, tea_with([](NewProduct& tea) { tea.sku = std::string(max_sku_bytes + 1, 'x'); })},
      {R::price_not_positive, tea_with([](NewProduct& tea) { tea.price = eur(0); })},
      {R::price_not_positive, tea_with([](NewProduct& tea) { tea.price = eur(-1); })},
      {R::stock_negative, tea_with([](NewProduct& tea) { tea.stock = -1; })},
  };
  for (const auto& [reason, what] : cases) nothing.when(add_it(what)).rejects(reason);
}

TEST(RebrandProduct, ChangesNameAndDescription) {
  on_sale.when(rebrand_by(ann, "Black tea", "Strong")).then({ProductRebranded{"Black tea", "Strong"}});
  on_sale.when(rebrand_by(operator_, "Tea", "")).then({ProductRebranded{"Tea", ""}});
  on_sale.when(rebrand_by(ann, "Tea")).then({});
  const auto after = Given<Product>{added, ProductRebranded{"Black tea", "Strong"}}.state();
  EXPECT_EQ(after.name, "Black tea");
  EXPECT_EQ(after.description, "Strong");
}

TEST(RebrandProduct, IsRefusedWithoutAProperName) {
  on_sale.when(rebrand_by(ann, "")).rejects(R::product_name_blank);
  on_sale.when(rebrand_by(ann, std::string(max_name_bytes + 1, 'x'))).rejects(R::product_name_too_long);
  on_sale.when(rebrand_by(ann, "Tea", std::string(max_description_bytes + 1, 'x'))).rejects(R::product_description_too_long);
}

TEST(IncreasePrice, IsToMoreThanThePresentPrice) {
  on_sale.when(increase_to(eur(251))).then({ProductPriceIncreased{eur(251)}});
  on_sale.when(increase_to(eur(250))).rejects(R::price_not_higher);
  on_sale.when(increase_to(eur(249))).rejects(R::price_not_higher);
  const Given<Product> dearer{added, ProductPriceIncreased{eur(300)}};
  dearer.when(increase_to(eur(300))).rejects(R::price_not_higher);
}

TEST(DecreasePrice, IsToLessThanThePresentPriceAndMoreThanZero) {
  on_sale.when(decrease_to(eur(249))).then({ProductPriceDecreased{eur(249)}});
  on_sale.when(decrease_to(eur(250))).rejects(R::price_not_lower);
  on_sale.when(decrease_to(eur(251))).rejects(R::price_not_lower);
  on_sale.when(decrease_to(eur(0))).rejects(R::price_not_positive);
  const Given<Product> cheapest{added, ProductPriceDecreased{eur(1)}};
  cheapest.when(decrease_to(eur(1))).rejects(R::price_not_lower);
}

TEST(ProductPrice, StaysInItsCurrency) {
  on_sale.when(increase_to(usd(900))).rejects(R::currency_mismatch);
  on_sale.when(decrease_to(usd(1))).rejects(R::currency_mismatch);
  on_sale.when(increase_to(eur(-1))).rejects(R::price_not_positive);
}

TEST(RemoveProduct, IsForGood) {
  on_sale.when(remove_by(ann)).then({ProductRemoved{}});
  on_sale.when(remove_by(operator_)).then({ProductRemoved{}});
  removed.when(remove_by(ann)).rejects(R::product_removed);
  removed.when(rebrand_by(ann, "Black tea")).rejects(R::product_removed);
  removed.when(increase_to(eur(900))).rejects(R::product_removed);
  removed.when(decrease_to(eur(1))).rejects(R::product_removed);
  removed.when(add_it(new_tea)).then({});
}

TEST(EveryChangeOfAProduct, NeedsAProductOfTheCallersOwnStore) {
  nothing.when(rebrand_by(ann, "Black tea")).rejects(R::no_such_product);
  nothing.when(increase_to(eur(900))).rejects(R::no_such_product);
  nothing.when(decrease_to(eur(1))).rejects(R::no_such_product);
  nothing.when(remove_by(ann)).rejects(R::no_such_product);
  on_sale.when(rebrand_by(bob, "")).rejects(R::not_your_store);
  on_sale.when(increase_to(eur(900), bob)).rejects(R::not_your_store);
  on_sale.when(decrease_to(eur(1), bob)).rejects(R::not_your_store);
  on_sale.when(remove_by(bob)).rejects(R::not_your_store);
  removed.when(remove_by(bob)).rejects(R::not_your_store);
}

TEST(ProductRejection, EachHasACodeOfItsOwn) {
  std::set<std::string> codes;
  for (int reason = 0; reason <= static_cast<int>(R::sku_taken); ++reason) {
    const auto error = to_error({static_cast<R>(reason), "Why."});
    EXPECT_EQ(error.detail, "Why.");
    EXPECT_TRUE(codes.insert(error.code).second) << error.code;
  }
  EXPECT_EQ(to_error(sku_taken()).kind, pkg::errors::ErrorKind::conflict);
}

}  // namespace
}  // namespace stores::domain
