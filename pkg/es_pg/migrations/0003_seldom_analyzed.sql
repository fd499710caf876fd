-- Events are found by their keys, and to plan that an old sample does as well as a new one: it is renewed when the table is five times as
-- large, and not, as by default, with every tenth that it grows.
alter table events set (autovacuum_analyze_scale_factor = 4);
