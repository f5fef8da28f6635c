-- Conversations and their turns.

CREATE TABLE conversations (
    -- Never used again, so that nothing left behind can come to belong to another conversation.
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    -- Whether a person gave the title; then saving does not touch it.
    renamed INTEGER NOT NULL DEFAULT 0,
    screen TEXT NOT NULL,
    model TEXT,
    region TEXT NOT NULL,
    connection TEXT NOT NULL,
    -- Milliseconds since 1970.
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    pinned INTEGER NOT NULL DEFAULT 0,
    archived INTEGER NOT NULL DEFAULT 0,
    deleted_at INTEGER,
    configuration TEXT NOT NULL,
    -- The place of the last turn of the path that is shown.
    path_end INTEGER,
    turns INTEGER NOT NULL,
    tokens_in INTEGER NOT NULL,
    tokens_out INTEGER NOT NULL,
    -- Exact; NULL when it is not known.
    cost TEXT,
    -- The same in millionths of a millionth of a dollar, to look for a range.
    cost_pico INTEGER,
    simulated INTEGER NOT NULL,
    -- Counts the saves, so that two windows do not overwrite each other.
    version INTEGER NOT NULL
) STRICT;

-- The pages of the history, in the order in which they are shown.
CREATE INDEX history ON conversations (archived, pinned DESC, updated DESC, number DESC)
    WHERE deleted_at IS NULL;
CREATE INDEX history_with_archive ON conversations (pinned DESC, updated DESC, number DESC)
    WHERE deleted_at IS NULL;
CREATE INDEX history_of_model ON conversations (model, pinned DESC, updated DESC, number DESC)
    WHERE deleted_at IS NULL;
CREATE INDEX trash ON conversations (deleted_at DESC, number DESC) WHERE deleted_at IS NOT NULL;

CREATE TABLE tags (
    tag TEXT NOT NULL COLLATE NOCASE,
    conversation INTEGER NOT NULL REFERENCES conversations (number) ON DELETE CASCADE,
    PRIMARY KEY (tag, conversation)
) STRICT, WITHOUT ROWID;

CREATE INDEX tags_of_conversation ON tags (conversation, tag);

CREATE TABLE turns (
    -- The conversation's number and the place in one, so that a hit of a search says whose it is
    -- without being looked up.
    id INTEGER PRIMARY KEY CHECK (id = conversation * 1048576 + place),
    conversation INTEGER NOT NULL REFERENCES conversations (number) ON DELETE CASCADE,
    place INTEGER NOT NULL CHECK (place BETWEEN 0 AND 1048574),
    parent INTEGER,
    chosen INTEGER,
    deleted INTEGER NOT NULL,
    role TEXT NOT NULL,
    -- JSON; bytes are replaced by their SHA-256.
    content TEXT NOT NULL,
    -- JSON of what is known of the call; NULL for what a person wrote.
    invocation TEXT,
    -- What there is to find.
    text TEXT NOT NULL,
    -- Of all the above, to tell what has to be written again.
    digest BLOB NOT NULL,
    UNIQUE (conversation, place)
) STRICT;

-- Files beside the database, each named by the SHA-256 of its bytes.
CREATE TABLE attachments (
    sha256 TEXT PRIMARY KEY,
    size INTEGER NOT NULL,
    media_type TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE turn_attachments (
    turn INTEGER NOT NULL REFERENCES turns (id) ON DELETE CASCADE,
    sha256 TEXT NOT NULL REFERENCES attachments (sha256),
    PRIMARY KEY (turn, sha256)
) STRICT, WITHOUT ROWID;

CREATE INDEX turns_of_attachment ON turn_attachments (sha256);
