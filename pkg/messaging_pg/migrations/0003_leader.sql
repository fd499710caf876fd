-- Which process relays and consumes, and whether the last one let go in an orderly way.
create table messaging_leader (
  only_row boolean primary key default true check (only_row),
  process uuid not null,
  clean boolean not null
);
insert into messaging_leader (process, clean) values ('00000000-0000-0000-0000-000000000000', true);
