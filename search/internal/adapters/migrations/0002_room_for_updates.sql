-- An order's status changes three times soon after it came. Where its page has room the new version stays there and needs no new entry in an
-- index, as no column of one changes.
ALTER TABLE orders SET (fillfactor = 70);
