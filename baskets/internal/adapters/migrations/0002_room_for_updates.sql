-- A basket's row is updated with each item. Where its page has room the new version stays there; else PostgreSQL locks the old one, says so in
-- its log, and looks for another page.
ALTER TABLE open_baskets SET (fillfactor = 70);
