-- What was ordered is read from the order's first event, which is written with it and says all of it. The table stays for a release: the process
-- of the release before writes to it while its successor starts.
COMMENT ON TABLE order_items IS 'Not read or written any more: an order''s items are in events. To be dropped.';
