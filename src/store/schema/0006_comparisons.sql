-- Comparisons of models stand among the conversations: their answers are the branches of one, so that
-- they are found, deleted and backed up like any other.

CREATE TABLE sheets (
    conversation INTEGER PRIMARY KEY REFERENCES conversations (number) ON DELETE CASCADE,
    -- JSON: which branch belongs to which column, how each was asked, what was said of the answers.
    record TEXT NOT NULL
) STRICT;
