CREATE TABLE payments (
  payment_id    uuid PRIMARY KEY,
  version       bigint NOT NULL,
  status        text NOT NULL,
  user_id       uuid NOT NULL,
  currency      text NOT NULL,
  amount_minor  bigint NOT NULL CHECK (amount_minor > 0),
  method        text NOT NULL,
  order_id      uuid,
  capture_minor bigint CHECK (capture_minor > 0 AND capture_minor <= amount_minor),
  closed_orders uuid[] NOT NULL DEFAULT '{}',
  expires_at    timestamptz NOT NULL
);
CREATE INDEX payments_unused ON payments (expires_at) WHERE status = 'authorized';

CREATE TABLE invoices (
  invoice_id   uuid PRIMARY KEY,
  version      bigint NOT NULL,
  status       text NOT NULL,
  order_id     uuid NOT NULL CONSTRAINT invoices_one_per_order UNIQUE,
  user_id      uuid NOT NULL,
  payment_id   uuid NOT NULL,
  currency     text NOT NULL,
  amount_minor bigint NOT NULL CHECK (amount_minor > 0),
  created_at   timestamptz NOT NULL
);
CREATE INDEX invoices_of_user ON invoices (user_id, created_at DESC, invoice_id DESC);
CREATE INDEX invoices_by_time ON invoices (created_at DESC, invoice_id DESC);

-- What the gateway has to be asked until it has answered. The row is written with the decision and goes with the answer.
CREATE TABLE gateway_tasks (
  key            text PRIMARY KEY,
  payment_id     uuid NOT NULL,
  operation      text NOT NULL,
  invoice_id     uuid,
  currency       text,
  amount_minor   bigint,
  due_at         timestamptz NOT NULL,
  attempts       integer NOT NULL DEFAULT 0,
  correlation_id text NOT NULL,
  causation_id   text NOT NULL,
  traceparent    text NOT NULL
);
CREATE INDEX gateway_tasks_by_time ON gateway_tasks (due_at);
CREATE UNIQUE INDEX gateway_tasks_one_capture ON gateway_tasks (invoice_id) WHERE operation = 'capture';
