-- Up to where everything published has had its effect on everybody who reads it, and who that is ("group channel"): a broker that lost
-- everything needs only the rest again.
alter table relay_state add column handled bigint not null default 0, add column readers text[] not null default '{}';
