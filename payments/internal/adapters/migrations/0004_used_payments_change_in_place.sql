-- Until when a payment waits for an order; null, and so unchanged, once it is used. An index whose condition names the status is an index over it:
-- each of a payment's three updates left its page and an entry in every index. Now the first does.
ALTER TABLE payments ADD COLUMN unused_until timestamptz
  GENERATED ALWAYS AS (CASE WHEN status = 'authorized' THEN expires_at END) STORED;
DROP INDEX payments_unused;
CREATE INDEX payments_unused ON payments (unused_until) WHERE unused_until IS NOT NULL;
