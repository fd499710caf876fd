#include "mallctl/audit/reading.hpp"

#include <utility>

namespace mallctl::audit {

using pkg::errors::pass_on;
using pkg::errors::Result;

Result<Books> read_books(Databases& databases, const Subscribers& subscribers, const std::set<Page>& pages) {
  Books books;
  for (const Page page : pages) {  // in their order
    Read read;
    switch (page) {
      case Page::notifications: read = read_notifications(databases, books); break;
      case Page::search: read = read_search(databases, books); break;
      case Page::messages: read = read_messages(databases, subscribers, books); break;
      case Page::sagas: read = read_sagas(databases, books); break;
      case Page::payments: read = read_payments(databases, books); break;
      case Page::stock: read = read_stock(databases, books); break;
      case Page::shopping: read = read_shopping(databases, books); break;
      case Page::streams: read = read_streams(databases, books); break;
      case Page::orders: read = read_orders(databases, books); break;
      case Page::stores: read = read_stores(databases, books); break;
      case Page::baskets: read = read_baskets(databases, books); break;
      case Page::users: read = read_users(databases, books); break;
    }
    if (!read) return pass_on(read);
  }
  return books;
}

}  // namespace mallctl::audit
