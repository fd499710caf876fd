-- A list is updated three times soon after it was made, a bot twice for each list. Where its page has room the new version stays there; else
-- PostgreSQL locks the old one, says so in its log, and looks for another page.
ALTER TABLE shopping_lists SET (fillfactor = 60);
ALTER TABLE bots SET (fillfactor = 50);
