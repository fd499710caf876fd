-- Rows are found by their keys, and to plan that an old sample does as well as a new one. A sample of messages costs a quarter of a second and
-- every plan that stands on it, and by default a table that grows from nothing is sampled every minute: so only when it is five times as large.
alter table outbox set (autovacuum_analyze_scale_factor = 4);
alter table inbox set (autovacuum_analyze_scale_factor = 4);
