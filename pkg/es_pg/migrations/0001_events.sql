-- Every event of every event-sourced aggregate of a service. The primary key is what makes the slower of two appends fail.
create table events (
  aggregate_kind text not null,
  aggregate_id uuid not null,
  version bigint not null check (version > 0),
  type text not null,
  type_version integer not null,
  payload bytea not null,
  occurred_at timestamptz not null,
  correlation_id text not null,
  causation_id text not null,
  constraint events_pkey primary key (aggregate_kind, aggregate_id, version)
);
