-- touched_at follows what happens to a basket only when an expiry looks at it, so a row is written once and deleted once; its pages need no
-- room for new versions of it.
ALTER TABLE open_baskets RESET (fillfactor);
