-- Notifications are found by their keys and by their user, and to plan that an old sample does as well as a new one: it is renewed when the
-- table is five times as large, and not, as by default, with every tenth that it grows.
ALTER TABLE notifications SET (autovacuum_analyze_scale_factor = 4);
