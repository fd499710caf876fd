-- The broker gives a new leader at once what the one before had out, however that one ended.
alter table messaging_leader drop column clean;
