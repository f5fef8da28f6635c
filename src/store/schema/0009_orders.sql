-- The history in other orders than the newest first, each read from an index of its own.

-- The title without upper and lower case and without accents, as it is put in order; triggers cannot
-- make it, since SQLite has no function for that.
ALTER TABLE conversations ADD COLUMN title_key TEXT NOT NULL DEFAULT '';
UPDATE conversations SET title_key = folded(title);

CREATE INDEX history_oldest ON conversations (archived, pinned DESC, updated, number)
    WHERE deleted_at IS NULL;
CREATE INDEX history_by_title ON conversations
    (archived, pinned DESC, title_key, updated DESC, number DESC) WHERE deleted_at IS NULL;
-- Nobody pays for what was simulated.
CREATE INDEX history_by_cost ON conversations
    (archived, pinned DESC, iif(simulated, NULL, cost_pico) DESC, updated DESC, number DESC)
    WHERE deleted_at IS NULL;
CREATE INDEX history_by_tokens ON conversations
    (archived, pinned DESC, tokens_in + tokens_out DESC, updated DESC, number DESC)
    WHERE deleted_at IS NULL;
