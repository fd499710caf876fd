-- The sagas that somebody should look at, which is looked for twice a minute. Without an index of their own PostgreSQL reads all sagas in the
-- order of the key. It is empty as a rule, and no step of a saga that makes progress touches it, so rows still change in place.
create index sagas_alerted on sagas (saga_name, saga_id) where alert;
-- Sagas are found by their key, by what has not completed and by what is alerted. To plan that an old sample does as well as a new one: it
-- is renewed when the table has had sixteen changes for each of its rows, of which a saga makes about seven, and not, as by default, with
-- every tenth of one.
alter table sagas set (autovacuum_analyze_scale_factor = 16);
