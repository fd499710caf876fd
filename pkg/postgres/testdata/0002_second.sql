insert into embedded values ('second');
