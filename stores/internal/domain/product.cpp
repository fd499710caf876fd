#include "stores/internal/domain/product.hpp"

#include "stores/internal/domain/text.hpp"

namespace stores::domain {
namespace {

using pkg::money::Money;
using Checked = std::expected<void, ProductRejected>;

struct Apply {
  Product& product;

  void operator()(const ProductAdded& e) const {
    product.status = ProductStatus::on_sale;
    product.store = e.store;
    product.name = e.name;
    product.description = e.description;
    product.sku = e.sku;
    product.price = e.price;
  }
  void operator()(const ProductRebranded& e) const {
    product.name = e.name;
    product.description = e.description;
  }
  void operator()(const ProductPriceIncreased& e) const { product.price = e.price; }
  void operator()(const ProductPriceDecreased& e) const { product.price = e.price; }
  void operator()(const ProductRemoved&) const { product.status = ProductStatus::removed; }
};

std::unexpected<ProductRejected> reject(ProductRejection reason, std::string detail) {
  return std::unexpected(ProductRejected{reason, std::move(detail)});
}

std::string at_most(std::string_view what, std::size_t bytes) {
  return std::string(what) + " has at most " + std::to_string(bytes) + " bytes.";
}

Checked check_owner(const Store& store, const Actor& actor) {
  if (store.owner != actor.user && !actor.is_operator)
    return reject(ProductRejection::not_your_store, "This store belongs to somebody else.");
  return {};
}

Checked check_brand(std::string_view name, std::string_view description) {
  if (is_blank(name)) return reject(ProductRejection::product_name_blank, "A product needs a name.");
  if (name.size() > max_name_bytes) return reject(ProductRejection::product_name_too_long, at_most("A product's name", max_name_bytes));
  if (description.size() > max_description_bytes) {
    return reject(ProductRejection::product_description_too_long, at_most("A product's description", max_description_bytes));
  }
  return {};
}

/// What a change of price needs, whichever way it goes.
Checked check_price(const Product& product, const Money& price) {
  if (!price.is_positive()) return reject(ProductRejection::price_not_positive, "A price is more than zero.");
  if (price.currency() != product.price.currency()) {
    return reject(ProductRejection::currency_mismatch, "The product is sold in " + product.price.currency().to_string() + ".");
  }
  return {};
}

ProductDecision nothing() { return std::vector<ProductEvent>{}; }

}  // namespace

Product apply(Product product, const ProductEvent& event) {
  std::visit(Apply{product}, event);
  return product;
}

ProductRejected sku_taken() { return {ProductRejection::sku_taken, "Another product of the store has this sku."}; }
ProductRejected no_such_product() { return {ProductRejection::no_such_product, "There is no such product."}; }

Checked may_change(const Product& product, const Store& store, const Actor& actor) {
  if (product.status == ProductStatus::none) return std::unexpected(no_such_product());
  if (auto allowed = check_owner(store, actor); !allowed) return allowed;
  if (product.status == ProductStatus::removed)
    return reject(ProductRejection::product_removed, "\"" + product.name + "\" was removed from its store.");
  return {};
}

ProductDecision add_product(const Product& product, const StoreId& store_id, const Store& store, const Actor& actor,
                            const NewProduct& what) {
  if (!store.exists) return reject(ProductRejection::no_such_store, "There is no such store.");
  if (auto allowed = check_owner(store, actor); !allowed) return std::unexpected(allowed.error());
  if (product.status != ProductStatus::none) return nothing();
  if (auto brand = check_brand(what.name, what.description); !brand) return std::unexpected(brand.error());
  if (is_blank(what.sku)) return reject(ProductRejection::sku_blank, "A product needs an sku, the store's own name for it.");
  if (what.sku.size() > max_sku_bytes) return reject(ProductRejection::sku_too_long, at_most("An sku", max_sku_bytes));
  if (!what.price.is_positive()) return reject(ProductRejection::price_not_positive, "A price is more than zero.");
  if (what.stock.value_or(0) < 0)
    return reject(ProductRejection::stock_negative, "A stock is zero pieces or more; leave it out for an unlimited one.");
  return std::vector<ProductEvent>{ProductAdded{store_id, what.name, what.description, what.sku, what.price}};
}

ProductDecision rebrand(const Product& product, const Store& store, const Actor& actor, const std::string& name,
                        const std::string& description) {
  if (auto allowed = may_change(product, store, actor); !allowed) return std::unexpected(allowed.error());
  if (auto brand = check_brand(name, description); !brand) return std::unexpected(brand.error());
  if (product.name == name && product.description == description) return nothing();
  return std::vector<ProductEvent>{ProductRebranded{name, description}};
}

ProductDecision increase_price(const Product& product, const Store& store, const Actor& actor, const Money& price) {
  if (auto allowed = may_change(product, store, actor); !allowed) return std::unexpected(allowed.error());
  if (auto sound = check_price(product, price); !sound) return std::unexpected(sound.error());
  if (price.minor_units() <= product.price.minor_units()) {
    return reject(ProductRejection::price_not_higher, "The price in minor units is " + product.price.to_string() + " already.");
  }
  return std::vector<ProductEvent>{ProductPriceIncreased{price}};
}

ProductDecision decrease_price(const Product& product, const Store& store, const Actor& actor, const Money& price) {
  if (auto allowed = may_change(product, store, actor); !allowed) return std::unexpected(allowed.error());
  if (auto sound = check_price(product, price); !sound) return std::unexpected(sound.error());
  if (price.minor_units() >= product.price.minor_units()) {
    return reject(ProductRejection::price_not_lower, "The price in minor units is " + product.price.to_string() + " already.");
  }
  return std::vector<ProductEvent>{ProductPriceDecreased{price}};
}

ProductDecision remove(const Product& product, const Store& store, const Actor& actor) {
  if (auto allowed = may_change(product, store, actor); !allowed) return std::unexpected(allowed.error());
  return std::vector<ProductEvent>{ProductRemoved{}};
}

}  // namespace stores::domain
