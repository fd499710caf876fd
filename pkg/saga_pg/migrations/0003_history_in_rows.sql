-- What one transition did is one row: its first line in the columns, each further one as five texts (microseconds since 1970, step,
-- direction, what, detail). Rows from before have a line each.
alter table saga_history add column more text[] not null default '{}';
