-- That a list has one bot is decided at the list, by the version that whoever takes it has seen. Without an index over what changes, the row of
-- a bot is updated in place; with it each of two updates for every list left entries in three indexes and a dead row that those who look for an
-- idle bot had to pass.
ALTER TABLE bots DROP CONSTRAINT bots_one_per_list;
