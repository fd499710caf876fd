-- An order's history is read from its events, which are written with the order and say all of it. The table stays for a release: the process of
-- the release before writes to it while its successor starts.
COMMENT ON TABLE order_history IS 'Not read or written any more: an order''s history is in events. To be dropped.';
