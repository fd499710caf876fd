-- A row has several messages of a unit of work: the first in the columns, those after it in this one (pkg/messaging/stored_message.hpp). A row
-- costs several times what another message in it does.
alter table outbox add column more bytea;
-- Rows are cut to half a page, and neither compressed nor taken apart below that.
alter table outbox alter column more set storage external;
alter table outbox set (toast_tuple_target = 8160);

-- Which of the row's messages it is.
alter table outbox_dead add column part integer not null default 0;
alter table outbox_dead drop constraint outbox_dead_pkey;
alter table outbox_dead add constraint outbox_dead_pkey primary key (seq, part);
