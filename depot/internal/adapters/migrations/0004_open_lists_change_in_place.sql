-- A list is found by what does not change while it is open, so that only its last update leaves its page and entries in indexes; with the status
-- and the due time in indexes every one of its three did, in five of them. Open lists are one index and ended ones another, by how they ended:
-- all lists are what is in both.
ALTER TABLE shopping_lists ADD COLUMN ended text
  GENERATED ALWAYS AS (CASE WHEN status IN ('completed', 'canceled') THEN status END) STORED;
DROP INDEX shopping_lists_by_time;
DROP INDEX shopping_lists_by_status;
DROP INDEX shopping_lists_by_due_time;
CREATE INDEX shopping_lists_open ON shopping_lists (created_at, shopping_list_id) WHERE ended IS NULL;
CREATE INDEX shopping_lists_ended ON shopping_lists (ended, created_at, shopping_list_id) WHERE ended IS NOT NULL;

-- Which lists are due is asked of the bots, who are few and have no index over what changes. Null where the release before gave a bot its list.
ALTER TABLE bots ADD COLUMN due_at timestamptz;
UPDATE bots SET due_at = list.due_at FROM shopping_lists list WHERE list.shopping_list_id = bots.shopping_list_id;
