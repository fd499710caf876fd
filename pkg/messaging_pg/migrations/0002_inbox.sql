-- Messages that have had their effect here. Their ids are made in the order of time, so inserts touch one end of the index.
create table inbox (
  message_id uuid primary key,
  received_at timestamptz not null default now()
);
create index inbox_received_at on inbox using brin (received_at) with (pages_per_range = 16, autosummarize = on);

-- Messages that failed, and those that wait behind them.
create table parked_messages (
  position bigint generated always as identity primary key,
  message_id uuid not null,
  channel text not null,
  key text not null,
  type text not null,
  message bytea not null,
  raw bytea not null,
  state text not null check (state in ('waiting', 'dead')),
  attempts integer not null,
  why text not null,
  parked_at timestamptz not null,
  next_attempt_at timestamptz not null
);
create index parked_messages_in_order on parked_messages (channel, key, position);
