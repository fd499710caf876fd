-- A payment is updated three times, an invoice and a task once. Where its page has room the new version stays there; else PostgreSQL locks the
-- old one, says so in its log, and looks for another page.
ALTER TABLE payments SET (fillfactor = 60);
ALTER TABLE invoices SET (fillfactor = 70);
ALTER TABLE gateway_tasks SET (fillfactor = 60);
