-- The books of the sandbox gateway, which plays an outside party: payments itself never reads them. Each request by its idempotency key,
-- with what became of it: asked, unavailable (not decided yet), declined, done, nothing (there was nothing to release).
CREATE TABLE sandbox_ledger (
  key          text PRIMARY KEY,
  payment_id   uuid NOT NULL,
  operation    text NOT NULL,
  method       text,
  currency     text,
  amount_minor bigint,
  outcome      text NOT NULL,
  attempts     integer NOT NULL,
  at           timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX sandbox_ledger_of_payment ON sandbox_ledger (payment_id);
