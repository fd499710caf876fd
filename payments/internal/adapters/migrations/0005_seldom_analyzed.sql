-- Found by their keys, and to plan that an old sample does as well as a new one: it is renewed when the table is five times as large, and
-- not, as by default, with every tenth that it grows. A payment and an invoice change three times or once, which counts as growth.
ALTER TABLE sandbox_ledger SET (autovacuum_analyze_scale_factor = 4);
ALTER TABLE payments SET (autovacuum_analyze_scale_factor = 8);
ALTER TABLE invoices SET (autovacuum_analyze_scale_factor = 8);
