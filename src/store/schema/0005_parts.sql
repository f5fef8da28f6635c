-- What stands in the history and is no conversation: its parts, each found by its text. And answers
-- that were paid for, so that nobody pays for them again.

CREATE TABLE parts (
    -- As with turns, so that a hit of a search says whose it is.
    id INTEGER PRIMARY KEY CHECK (id = conversation * 1048576 + place),
    conversation INTEGER NOT NULL REFERENCES conversations (number) ON DELETE CASCADE,
    place INTEGER NOT NULL CHECK (place BETWEEN 0 AND 1048574),
    -- JSON.
    record TEXT NOT NULL,
    -- What there is to find.
    text TEXT NOT NULL,
    UNIQUE (conversation, place)
) STRICT;

CREATE TRIGGER part_added AFTER INSERT ON parts BEGIN
    INSERT INTO search (rowid, text) VALUES (new.id, new.text || char(10, 10));
END;
CREATE TRIGGER part_changed AFTER UPDATE OF text ON parts WHEN old.text IS NOT new.text BEGIN
    DELETE FROM search WHERE rowid = old.id;
    INSERT INTO search (rowid, text) VALUES (new.id, new.text || char(10, 10));
END;
CREATE TRIGGER part_removed AFTER DELETE ON parts BEGIN
    DELETE FROM search WHERE rowid = old.id;
END;

-- Everything that can be found, whatever it belongs to.
CREATE VIEW texts AS
    SELECT id, conversation, text FROM turns WHERE NOT deleted
    UNION ALL SELECT id, conversation, text FROM parts;

CREATE TABLE paid_answers (
    -- SHA-256 of all that was asked.
    key BLOB PRIMARY KEY,
    -- JSON.
    record TEXT NOT NULL,
    -- Milliseconds since 1970.
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
