#include "stores/internal/adapters/pg/pg_catalog.hpp"

#include "pkg/postgres/transactor.hpp"
#include "stores/internal/app/id_cursor.hpp"

namespace stores::adapters::pg {
namespace {

using app::ProductView;
using pkg::errors::pass_on;
using pkg::errors::Result;
using pkg::postgres::on_violation;
using pkg::postgres::transaction_of;
using pkg::uow::UnitOfWork;

constexpr std::string_view note_product =
    "INSERT INTO products (product_id, store_id, name, description, sku, currency, price_minor, removed, version)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    " ON CONFLICT (product_id) DO UPDATE SET name = excluded.name, description = excluded.description, price_minor = excluded.price_minor,"
    "  removed = excluded.removed, version = excluded.version";
constexpr std::string_view find_product =
    "SELECT product_id, store_id, name, description, sku, currency, price_minor, version, on_hand, reserved"
    " FROM products JOIN product_stock USING (product_id) WHERE product_id = $1 AND NOT removed";
constexpr std::string_view list_products =
    "SELECT product_id, store_id, name, description, sku, currency, price_minor, version, on_hand, reserved"
    " FROM products JOIN product_stock USING (product_id) WHERE store_id = $1 AND product_id > $2 AND NOT removed"
    " ORDER BY product_id LIMIT $3";

Result<ProductView> read_product(const pkg::postgres::Row& row) {
  const auto currency = pkg::money::Currency::parse(row.text(5));
  if (!currency)
    return pkg::errors::fail(pkg::errors::ErrorKind::internal, "unreadable_row", "A stored product's currency cannot be read.");
  return ProductView{domain::ProductId{row.uuid(0)},
                     domain::StoreId{row.uuid(1)},
                     std::string(row.text(2)),
                     std::string(row.text(3)),
                     std::string(row.text(4)),
                     pkg::money::Money{*currency, row.int64(6)},
                     static_cast<pkg::es::Version>(row.int64(7)),
                     {row.maybe_int64(8), row.int64(9)}};
}

}  // namespace

void PgCatalog::note(UnitOfWork& unit, const domain::ProductId& id, const pkg::es::Loaded<domain::Product>& after) {
  const auto& product = after.state;
  transaction_of(unit).execute(note_product,
                               {id, product.store, product.name, product.description, product.sku, product.price.currency().to_string(),
                                product.price.minor_units(), product.status == domain::ProductStatus::removed, after.version},
                               on_violation("products_sku", domain::to_error(domain::sku_taken())));
}

Result<std::optional<ProductView>> PgCatalog::find(UnitOfWork& unit, const domain::ProductId& id) {
  const auto rows = transaction_of(unit).query(find_product, {id});
  if (!rows) return pass_on(rows);
  if (rows->empty()) return std::optional<ProductView>{};
  auto product = read_product((*rows)[0]);
  if (!product) return pass_on(product);
  return std::optional(std::move(*product));
}

Result<pkg::paging::Slice<ProductView>> PgCatalog::of_store(UnitOfWork& unit, const domain::StoreId& store, const pkg::paging::Page& page) {
  const auto after = app::read_id_cursor(page.after);
  if (!after) return pass_on(after);
  const auto rows = transaction_of(unit).query(list_products, {store, *after, page.size + 1});
  if (!rows) return pass_on(rows);
  std::vector<ProductView> products;
  for (const auto row : *rows) {
    auto product = read_product(row);
    if (!product) return pass_on(product);
    products.push_back(std::move(*product));
  }
  return pkg::paging::cut(std::move(products), page.size, [](const ProductView& product) { return app::id_cursor(product.id.value()); });
}

}  // namespace stores::adapters::pg
