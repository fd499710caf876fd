-- The latest state of aggregates with long histories. May be emptied at any time: it only saves reading.
create table snapshots (
  aggregate_kind text not null,
  aggregate_id uuid not null,
  version bigint not null check (version > 0),
  codec_version integer not null,
  payload bytea not null,
  taken_at timestamptz not null,
  constraint snapshots_pkey primary key (aggregate_kind, aggregate_id)
);
