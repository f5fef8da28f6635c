-- Full text of titles, prompts and answers.
--
-- Trigrams, because words cannot be told apart in Chinese, Japanese or Thai without a dictionary, and
-- because people look for parts of words and of code. The index keeps no text of its own: it is in
-- the tables. Two characters are put behind every text, so that each of its characters begins a
-- trigram and one or two characters can be looked up too, as the beginning of one (see search.rs).

CREATE VIRTUAL TABLE search USING fts5(
    text, content='', contentless_delete=1, tokenize="trigram"
);
CREATE VIRTUAL TABLE search_terms USING fts5vocab(search, row);

-- A turn has its own id; a title has the place behind the last turn that a conversation can have.
CREATE TRIGGER turn_added AFTER INSERT ON turns WHEN NOT new.deleted BEGIN
    INSERT INTO search (rowid, text) VALUES (new.id, new.text || char(10, 10));
END;
CREATE TRIGGER turn_changed AFTER UPDATE OF text, deleted ON turns BEGIN
    DELETE FROM search WHERE rowid = old.id;
    INSERT INTO search (rowid, text)
        SELECT new.id, new.text || char(10, 10) WHERE NOT new.deleted;
END;
CREATE TRIGGER turn_removed AFTER DELETE ON turns BEGIN
    DELETE FROM search WHERE rowid = old.id;
END;
CREATE TRIGGER title_added AFTER INSERT ON conversations BEGIN
    INSERT INTO search (rowid, text)
        VALUES (new.number * 1048576 + 1048575, new.title || char(10, 10));
END;
CREATE TRIGGER title_changed AFTER UPDATE OF title ON conversations
    WHEN old.title IS NOT new.title BEGIN
    DELETE FROM search WHERE rowid = old.number * 1048576 + 1048575;
    INSERT INTO search (rowid, text)
        VALUES (new.number * 1048576 + 1048575, new.title || char(10, 10));
END;
CREATE TRIGGER title_removed AFTER DELETE ON conversations BEGIN
    DELETE FROM search WHERE rowid = old.number * 1048576 + 1048575;
END;

INSERT INTO search (rowid, text) SELECT id, text || char(10, 10) FROM turns WHERE NOT deleted;
INSERT INTO search (rowid, text)
    SELECT number * 1048576 + 1048575, title || char(10, 10) FROM conversations;
