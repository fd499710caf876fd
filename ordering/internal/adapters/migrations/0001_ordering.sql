-- The read model: orders as they are shown. The orders themselves are in the event store.
CREATE TABLE orders (
  order_id         uuid PRIMARY KEY,
  user_id          uuid NOT NULL,
  payment_id       uuid NOT NULL,
  status           text NOT NULL,
  currency         text NOT NULL,
  total_minor      bigint NOT NULL,
  shopping_list_id uuid,
  invoice_id       uuid,
  rejection_code   text NOT NULL DEFAULT '',
  created_at       timestamptz NOT NULL,
  version          bigint NOT NULL
);
CREATE INDEX orders_of_user ON orders (user_id, created_at DESC, order_id DESC);

CREATE TABLE order_items (
  order_id     uuid NOT NULL REFERENCES orders ON DELETE CASCADE,
  line         integer NOT NULL,
  product_id   uuid NOT NULL,
  store_id     uuid NOT NULL,
  product_name text NOT NULL,
  store_name   text NOT NULL,
  price_minor  bigint NOT NULL,
  quantity     integer NOT NULL,
  PRIMARY KEY (order_id, line)
);

CREATE TABLE order_history (
  order_id uuid NOT NULL REFERENCES orders ON DELETE CASCADE,
  version  bigint NOT NULL,
  status   text NOT NULL,
  at       timestamptz NOT NULL,
  detail   text NOT NULL,
  PRIMARY KEY (order_id, version)
);
