-- Shopping lists. What is on one never changes, so its stops are one value (adapters/pg/stops.proto).
CREATE TABLE shopping_lists (
  shopping_list_id uuid PRIMARY KEY,
  version          bigint NOT NULL,
  order_id         uuid NOT NULL CONSTRAINT shopping_lists_one_per_order UNIQUE,
  status           text NOT NULL,
  stops            bytea NOT NULL,
  bot_id           uuid,
  created_at       timestamptz NOT NULL,
  due_at           timestamptz
);
CREATE INDEX shopping_lists_by_time ON shopping_lists (created_at, shopping_list_id);
CREATE INDEX shopping_lists_by_status ON shopping_lists (status, created_at, shopping_list_id);
CREATE INDEX shopping_lists_by_due_time ON shopping_lists (due_at) WHERE status = 'assigned';

CREATE TABLE bots (
  bot_id           uuid PRIMARY KEY,
  version          bigint NOT NULL,
  status           text NOT NULL,
  name             text NOT NULL CONSTRAINT bots_name_is_unique UNIQUE,
  shopping_list_id uuid CONSTRAINT bots_one_per_list UNIQUE,
  registered_at    timestamptz NOT NULL
);

-- What stores told about themselves. A name has the version of the store after which it held, so that facts may arrive in any order; a
-- store does not move.
CREATE TABLE known_stores (
  store_id     uuid PRIMARY KEY,
  name         text,
  name_version bigint NOT NULL DEFAULT 0,
  location     text
);
