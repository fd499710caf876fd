#include "stores/internal/agent/audit.hpp"

#include <array>
#include <span>

#include "pkg/es_pg/all_streams.hpp"
#include "pkg/postgres/transactor.hpp"
#include "stores/internal/adapters/pg/product_codec.hpp"
#include "stores/internal/adapters/pg/store_codec.hpp"

namespace stores::agent {
namespace {

using pkg::es_pg::ReadModel;
using pkg::es_pg::Stream;

std::string word(bool value) { return value ? "yes" : "no"; }

ReadModel::Row row_of(const Stream<domain::Store>& stream) {
  const auto& store = stream.state;
  return {{"owner", store.owner.to_string()},
          {"name", store.name},
          {"location", store.location},
          {"participating", word(store.participating)},
          {"version", std::to_string(stream.version)}};
}

ReadModel::Row row_of(const Stream<domain::Product>& stream) {
  const auto& product = stream.state;
  return {{"store", product.store.to_string()},
          {"name", product.name},
          {"description", product.description},
          {"sku", product.sku},
          {"price", std::to_string(product.price.minor_units()) + " " + product.price.currency().to_string()},
          {"removed", word(product.status == domain::ProductStatus::removed)},
          {"version", std::to_string(stream.version)}};
}

/// `select` gives the id and then a text for each name.
template <class A>
pkg::errors::Result<ReadModel> compare(pkg::uow::UnitOfWork& unit, const pkg::es_pg::EventCodec<A>& codec, std::string_view select,
                                       std::span<const char* const> names) {
  ReadModel model;
  const auto folded = pkg::es_pg::for_each_stream<A>(unit, codec, [&](const Stream<A>& stream) {
    model.by_events[stream.id] = row_of(stream);
    if (!stream.unreadable.empty()) model.unreadable[stream.id] = stream.unreadable;
  });
  if (!folded) return pkg::errors::pass_on(folded);
  const auto rows = pkg::postgres::transaction_of(unit).query(select);
  if (!rows) return pkg::errors::pass_on(rows);
  for (const auto row : *rows) {
    auto& stored = model.in_table[row.uuid(0)];
    for (std::size_t i = 0; i < names.size(); ++i) stored[names[i]] = row.text(static_cast<int>(i) + 1);
  }
  return model;
}

}  // namespace

pkg::errors::Result<ReadModel> audit_stores(pkg::uow::UnitOfWork& unit) {
  constexpr std::array names{"owner", "name", "location", "participating", "version"};
  return compare(
      unit, adapters::pg::store_codec(),
      "SELECT store_id, owner_id::text, name, location, CASE WHEN participating THEN 'yes' ELSE 'no' END, version::text FROM stores",
      names);
}

pkg::errors::Result<ReadModel> audit_products(pkg::uow::UnitOfWork& unit) {
  constexpr std::array names{"store", "name", "description", "sku", "price", "removed", "version"};
  return compare(unit, adapters::pg::product_codec(),
                 "SELECT product_id, store_id::text, name, description, sku, price_minor::text || ' ' || currency,"
                 " CASE WHEN removed THEN 'yes' ELSE 'no' END, version::text FROM products",
                 names);
}

}  // namespace stores::agent
