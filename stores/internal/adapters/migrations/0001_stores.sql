-- The read models: stores and products as they are shown. The aggregates themselves are in the event store.
CREATE TABLE stores (
  store_id      uuid PRIMARY KEY,
  owner_id      uuid NOT NULL,
  name          text NOT NULL,
  location      text NOT NULL,
  participating boolean NOT NULL,
  version       bigint NOT NULL
);
CREATE INDEX stores_by_participation ON stores (participating, store_id);

CREATE TABLE products (
  product_id  uuid PRIMARY KEY,
  store_id    uuid NOT NULL,
  name        text NOT NULL,
  description text NOT NULL,
  sku         text NOT NULL,
  currency    text NOT NULL,
  price_minor bigint NOT NULL,
  removed     boolean NOT NULL,
  version     bigint NOT NULL
);
CREATE INDEX products_of_store ON products (store_id, product_id) WHERE NOT removed;
-- A product that is removed gives its sku back.
CREATE UNIQUE INDEX products_sku ON products (store_id, sku) WHERE NOT removed;

-- The stock is stored as it is, not as events: docs/adr/0015-stock-is-state-stored.md. Rows are updated for every order, so pages keep
-- room for it.
CREATE TABLE product_stock (
  product_id uuid PRIMARY KEY,
  on_hand    bigint,  -- null: unlimited
  reserved   bigint NOT NULL DEFAULT 0,
  CONSTRAINT product_stock_never_below_zero CHECK (reserved >= 0 AND reserved <= on_hand)  -- null is fine
) WITH (fillfactor = 50);

-- released without lines: given back before it was reserved
CREATE TABLE reservations (
  order_id uuid PRIMARY KEY,
  status   text NOT NULL CHECK (status IN ('reserved', 'committed', 'released'))
) WITH (fillfactor = 80);
CREATE TABLE reservation_lines (
  order_id   uuid NOT NULL REFERENCES reservations ON DELETE CASCADE,
  product_id uuid NOT NULL,
  quantity   bigint NOT NULL CHECK (quantity > 0),
  PRIMARY KEY (order_id, product_id)
);
