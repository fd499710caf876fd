-- What the transitions of a saga did stands in its row, what was last in front: what a step adds is then in front of what stays, and
-- PostgreSQL logs only the former. A line is six texts with tabs between: version and microseconds since 1970 (empty where they are the
-- line's above), step, direction, what, detail. What is long goes to saga_history as before, and what was written there stays there.
-- The default is a constant, so no row is rewritten. No index covers it.
alter table sagas add column history text not null default '';
-- Rows grow by half while they run, so pages keep more room; those that are full already stay as they are.
alter table sagas set (fillfactor = 35);
