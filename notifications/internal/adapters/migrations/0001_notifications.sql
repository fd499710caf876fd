-- What people were told. A queued one is due for delivery at due_at; while a deliverer has it, lease names the lease and due_at is when
-- the lease runs out.
CREATE TABLE notifications (
  notification_id uuid PRIMARY KEY,
  user_id         uuid NOT NULL,
  kind            text NOT NULL,
  order_id        uuid,
  subject         text NOT NULL,
  body            text NOT NULL,
  created_at      timestamptz NOT NULL,
  read_at         timestamptz,
  delivery        text NOT NULL,
  tries           integer NOT NULL DEFAULT 0,
  due_at          timestamptz,
  lease           uuid,
  -- However often the news comes.
  CONSTRAINT notifications_once UNIQUE NULLS NOT DISTINCT (user_id, kind, order_id),
  CONSTRAINT notifications_due CHECK ((delivery = 'queued') = (due_at IS NOT NULL))
);
CREATE INDEX notifications_of_user ON notifications (user_id, created_at DESC, notification_id DESC);
CREATE INDEX notifications_queued ON notifications (due_at) WHERE delivery = 'queued';
CREATE INDEX notifications_queued_of_user ON notifications (user_id) WHERE delivery = 'queued';

-- What users told of people; email_version is the user's version after which the address held, so that facts may come in any order.
CREATE TABLE known_people (
  user_id       uuid PRIMARY KEY,
  username      text,
  email         text,
  email_version bigint NOT NULL DEFAULT 0
);

-- What later messages say of an order.
CREATE TABLE known_orders (
  order_id    uuid PRIMARY KEY,
  items       text NOT NULL,
  currency    text NOT NULL,
  total_minor bigint NOT NULL
);
