-- The search finds letters whatever their accents, as people type them.

DROP TABLE search_terms;
DROP TABLE search;

CREATE VIRTUAL TABLE search USING fts5(
    text, content='', contentless_delete=1, tokenize="trigram remove_diacritics 1"
);
CREATE VIRTUAL TABLE search_terms USING fts5vocab(search, row);

INSERT INTO search (rowid, text) SELECT id, text || char(10, 10) FROM texts;
INSERT INTO search (rowid, text)
    SELECT number * 1048576 + 1048575, title || char(10, 10) FROM conversations;
