#pragma once
// Reads pages of the books, one function per service.

#include <set>

#include "mallctl/audit/books.hpp"
#include "mallctl/audit/databases.hpp"
#include "mallctl/audit/subscribers.hpp"

namespace mallctl::audit {

/// Reads these pages. Fails where a database cannot be read, with a detail for people.
pkg::errors::Result<Books> read_books(Databases& databases, const Subscribers& subscribers, const std::set<Page>& pages);

using Read = pkg::errors::Result<>;

Read read_notifications(Databases& databases, Books& books);
Read read_search(Databases& databases, Books& books);
Read read_messages(Databases& databases, const Subscribers& subscribers, Books& books);
Read read_sagas(Databases& databases, Books& books);
Read read_payments(Databases& databases, Books& books);
Read read_stock(Databases& databases, Books& books);
Read read_shopping(Databases& databases, Books& books);
Read read_streams(Databases& databases, Books& books);
Read read_orders(Databases& databases, Books& books);
Read read_stores(Databases& databases, Books& books);
Read read_baskets(Databases& databases, Books& books);
Read read_users(Databases& databases, Books& books);

}  // namespace mallctl::audit
