-- Messages that leave if their transaction commits. Rows are inserted and, some time after they were published, deleted in order; never
-- updated. The one index is the primary key.
create table outbox (
  seq bigint generated always as identity primary key,
  created_at timestamptz not null default now(),
  channel text not null,
  key text not null,
  type text not null,
  message bytea not null
);

-- Up to where the outbox is done, and which broker confirmed it.
create table relay_state (
  only_row boolean primary key default true check (only_row),
  settled bigint not null default 0,
  broker_identity text not null default '',
  last_sequence bigint not null default 0
);
insert into relay_state default values;

-- Messages that the broker will never take.
create table outbox_dead (
  seq bigint primary key,
  refused_at timestamptz not null default now(),
  channel text not null,
  key text not null,
  type text not null,
  message bytea not null
);
