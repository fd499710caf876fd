-- Typing errors and accents are forgiven. Both extensions are trusted ones: the database's owner may create them.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;

-- Text as it is compared: lower case, without accents. Immutable as long as nobody edits the server's unaccent.rules; who does, reindexes.
CREATE FUNCTION folded(words text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
  SELECT lower(unaccent('unaccent', words));
END;

-- What stores told about themselves and their products. Each sort of fact has the version of the aggregate after which it held, so
-- that facts may arrive in any order; 0 is before everything.
CREATE TABLE stores (
  store_id              uuid PRIMARY KEY,
  name                  text,
  name_version          bigint NOT NULL DEFAULT 0,
  participating         boolean,
  participating_version bigint NOT NULL DEFAULT 0
);
CREATE TABLE products (
  product_id     uuid PRIMARY KEY,
  store_id       uuid,
  sku            text,
  name           text,
  description    text,
  brand_version  bigint NOT NULL DEFAULT 0,
  price_minor    bigint,
  price_currency text,
  price_version  bigint NOT NULL DEFAULT 0,
  removed        boolean NOT NULL DEFAULT false,
  -- For sorting, and short enough for a page token.
  name_key       text COLLATE "C" GENERATED ALWAYS AS (left(translate(folded(name), chr(31), ' '), 100)) STORED,
  -- Words as they are and by their English stems. A tsvector holds a megabyte at most.
  terms          tsvector NOT NULL GENERATED ALWAYS AS (
    setweight(to_tsvector('simple', coalesce(folded(left(name, 1000)), '')), 'A') ||
    setweight(to_tsvector('english', coalesce(folded(left(name, 1000)), '')), 'A') ||
    setweight(to_tsvector('simple', coalesce(folded(left(sku, 1000)), '')), 'B') ||
    setweight(to_tsvector('simple', coalesce(folded(left(description, 20000)), '')), 'C') ||
    setweight(to_tsvector('english', coalesce(folded(left(description, 20000)), '')), 'C')
  ) STORED
);
CREATE INDEX products_by_terms ON products USING gin (terms);
CREATE INDEX products_by_name ON products (name_key, product_id);
CREATE INDEX products_by_price ON products (price_minor, product_id);
CREATE INDEX products_of_store ON products (store_id);

-- Every word that a product ever had: what somebody may have meant who typed something else.
CREATE TABLE vocabulary (
  word text COLLATE "C" PRIMARY KEY
);
CREATE INDEX vocabulary_by_likeness ON vocabulary USING gin (word gin_trgm_ops);

CREATE TABLE users (
  user_id  uuid PRIMARY KEY,
  username text NOT NULL
);

-- A status may be heard of before the contents; an order without contents is not found.
CREATE TABLE orders (
  order_id       uuid PRIMARY KEY,
  user_id        uuid,
  currency       text,
  total_minor    bigint,
  created_at     timestamptz,
  store_ids      uuid[] NOT NULL DEFAULT '{}',
  product_ids    uuid[] NOT NULL DEFAULT '{}',
  status         text NOT NULL,
  status_version bigint NOT NULL
);
CREATE INDEX orders_of_user ON orders (user_id, created_at DESC, order_id DESC);
CREATE INDEX orders_by_store ON orders USING gin (store_ids);
CREATE INDEX orders_by_product ON orders USING gin (product_ids);

CREATE TABLE order_items (
  order_id     uuid NOT NULL,
  line         integer NOT NULL,
  product_id   uuid NOT NULL,
  store_id     uuid NOT NULL,
  product_name text NOT NULL,
  store_name   text NOT NULL,
  currency     text NOT NULL,
  price_minor  bigint NOT NULL,
  quantity     integer NOT NULL,
  PRIMARY KEY (order_id, line)
);
