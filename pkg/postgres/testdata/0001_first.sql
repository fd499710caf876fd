create table embedded (name text);
