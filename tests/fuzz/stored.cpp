// Rows of the event tables, and what else a service keeps as bytes: what is read is written and read the same again, and any row of events
// makes a state. Input: a line with whose it is ("basket"); then, divided by lines of "---", events: a line "Type version", the payload.

#include "baskets/internal/adapters/pg/basket_codec.hpp"
#include "cosec/internal/adapters/pg/saga_data_codec.hpp"
#include "depot/internal/adapters/pg/stops_codec.hpp"
#include "ordering/internal/adapters/pg/order_codec.hpp"
#include "pkg/es/event_store.hpp"
#include "pkg/es_pg/codec.hpp"
#include "stores/internal/adapters/pg/product_codec.hpp"
#include "stores/internal/adapters/pg/store_codec.hpp"
#include "tests/fuzz/input.hpp"
#include "tests/fuzz/target.hpp"

namespace {

template <pkg::es::Aggregate A>
void read_events(const pkg::es_pg::EventCodec<A>& codec, std::string_view rows) {
  A state;
  for (const auto row : fuzz::split(rows, "\n---\n")) {
    fuzz::Input input(row);
    fuzz::Input first(input.line());
    const std::string type(first.until(" "));
    if (!fuzz::is_utf8(type)) continue;  // the column is a text's
    const int version = first.rest() == "1" ? 1 : 2;
    const auto event = codec.decode({type, version, std::string(input.rest())});
    if (!event) {
      fuzz::promise_error(event.error(), {"unreadable_event"});
      continue;
    }
    const auto stored = codec.encode(*event);
    fuzz::promise_same(stored.type, type, "an event keeps its name");
    const auto again = codec.decode(stored);
    fuzz::promise(again && *again == *event, "an event is written and read to the same");
    state = apply(std::move(state), *event);
  }
}

void read_stops(std::string_view bytes) {
  const auto stops = depot::adapters::pg::decode_stops(bytes);
  if (!stops) return fuzz::promise_error(stops.error(), {"unreadable_row"});
  fuzz::promise(depot::adapters::pg::decode_stops(depot::adapters::pg::encode_stops(*stops)) == stops,
                "stops are written and read to the same");
}

void read_saga_data(std::string_view bytes) {
  const auto codec = cosec::adapters::pg::create_order_codec();
  const auto order = codec.decode(bytes);
  if (order) fuzz::promise(codec.decode(codec.encode(*order)) == order, "a saga's data is written and read to the same");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(fuzz::as_text(data, size));
  const auto whose = input.line();
  if (whose == "basket") read_events(baskets::adapters::pg::basket_codec(), input.rest());
  if (whose == "order") read_events(ordering::adapters::pg::order_codec(), input.rest());
  if (whose == "store") read_events(stores::adapters::pg::store_codec(), input.rest());
  if (whose == "product") read_events(stores::adapters::pg::product_codec(), input.rest());
  if (whose == "stops") read_stops(input.rest());
  if (whose == "saga") read_saga_data(input.rest());
  return 0;
}
