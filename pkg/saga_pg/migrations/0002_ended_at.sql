-- When a saga ended, so that old ones can be removed. Null, and so unchanged, while it runs: its row still changes in place.
alter table sagas add column ended_at timestamptz
  generated always as (case when status in ('completed', 'compensated', 'canceled') then changed_at end) stored;
create index sagas_ended on sagas (saga_name, ended_at) where ended_at is not null;
