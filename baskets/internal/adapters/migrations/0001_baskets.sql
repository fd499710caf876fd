-- Which baskets are open, for expiry. The baskets themselves are in the event store.
CREATE TABLE open_baskets (
  basket_id  uuid PRIMARY KEY,
  touched_at timestamptz NOT NULL
);
CREATE INDEX open_baskets_by_touch ON open_baskets (touched_at);

-- What stores told about themselves and their products. Each sort of fact has the version of the aggregate after which it held,
-- so that facts may arrive in any order; 0 is before everything.
CREATE TABLE known_stores (
  store_id              uuid PRIMARY KEY,
  name                  text,
  name_version          bigint NOT NULL DEFAULT 0,
  participating         boolean,
  participating_version bigint NOT NULL DEFAULT 0
);
CREATE TABLE known_products (
  product_id     uuid PRIMARY KEY,
  store_id       uuid,
  name           text,
  name_version   bigint NOT NULL DEFAULT 0,
  price_minor    bigint,
  price_currency text,
  price_version  bigint NOT NULL DEFAULT 0,
  removed        boolean NOT NULL DEFAULT false
);
