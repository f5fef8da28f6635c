-- The bill of a call as it was worked out then, so that later prices change nothing, and whose it is.

-- JSON: for each line what was counted, how much, its unit price, where that came from.
ALTER TABLE spend ADD COLUMN lines TEXT;
-- What a person calls the connection; empty where it was not kept yet.
ALTER TABLE spend ADD COLUMN connection TEXT NOT NULL DEFAULT '';
-- A tag of its own, for calls that belong to no conversation.
ALTER TABLE spend ADD COLUMN project TEXT;
-- JSON: what was expected before it was sent.
ALTER TABLE spend ADD COLUMN estimate TEXT;
