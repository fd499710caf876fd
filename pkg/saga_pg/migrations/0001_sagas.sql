-- A saga is written at every step, so its row is made to change in place: no index covers what changes while it runs (its version,
-- data and wake time), and pages keep room for the next version of their rows.
create table sagas (
  saga_name          text not null,
  saga_id            text collate "C" not null,
  definition_version bigint not null,
  data_version       bigint not null,
  version            bigint not null,
  status             text not null,
  data               bytea not null,
  steps              text[] not null,
  out_step           bigint,
  out_direction      text,
  out_message_id     text,
  out_round          bigint,
  out_attempt        bigint,
  out_refused        boolean,
  wake_at            timestamptz,
  started_at         timestamptz not null,
  changed_at         timestamptz not null,
  failed_step        text not null,
  failure_code       text not null,
  failure_detail     text not null,
  alert              boolean not null,
  ignored            bigint not null,
  correlation_id     text not null,
  traceparent        text not null,
  constraint sagas_key primary key (saga_name, saga_id)
) with (fillfactor = 60);

-- What has not completed: few, so looking through them for due ones or alerts is cheap. Lists of completed ones go by the key.
create index sagas_not_completed on sagas (saga_name, status, saga_id) where status <> 'completed';

create table saga_history (
  saga_name text not null,
  saga_id   text collate "C" not null,
  version   bigint not null,
  line      bigint not null,
  at        timestamptz not null,
  step      text not null,
  direction text not null,
  what      text not null,
  detail    text not null,
  constraint saga_history_key primary key (saga_name, saga_id, version, line)
);
