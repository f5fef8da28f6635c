-- A history as the first version of the tables had it, and as it stays: what this file makes must
-- always open.

CREATE TABLE conversations (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    renamed INTEGER NOT NULL DEFAULT 0,
    screen TEXT NOT NULL,
    model TEXT,
    region TEXT NOT NULL,
    connection TEXT NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    pinned INTEGER NOT NULL DEFAULT 0,
    archived INTEGER NOT NULL DEFAULT 0,
    deleted_at INTEGER,
    configuration TEXT NOT NULL,
    path_end INTEGER,
    turns INTEGER NOT NULL,
    tokens_in INTEGER NOT NULL,
    tokens_out INTEGER NOT NULL,
    cost TEXT,
    cost_pico INTEGER,
    simulated INTEGER NOT NULL,
    version INTEGER NOT NULL
) STRICT;
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
    id INTEGER PRIMARY KEY CHECK (id = conversation * 1048576 + place),
    conversation INTEGER NOT NULL REFERENCES conversations (number) ON DELETE CASCADE,
    place INTEGER NOT NULL CHECK (place BETWEEN 0 AND 1048574),
    parent INTEGER,
    chosen INTEGER,
    deleted INTEGER NOT NULL,
    role TEXT NOT NULL,
    content TEXT NOT NULL,
    invocation TEXT,
    text TEXT NOT NULL,
    digest BLOB NOT NULL,
    UNIQUE (conversation, place)
) STRICT;
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

INSERT INTO conversations (number, id, title, screen, model, region, connection, created, updated,
    configuration, path_end, turns, tokens_in, tokens_out, cost, cost_pico, simulated, version)
VALUES (1, '0b7e8c1e-5f0a-4d5b-9a44-0d8f6d1f2a33', 'Rivers', 'chat', 'amazon.nova-lite-v1:0',
    'us-east-1', 'work', 1700000000000, 1700000001000, '{"temperature":0.3}', 1, 2, 11, 22,
    '0.0000024', 2400000, 0, 1);
INSERT INTO turns (id, conversation, place, parent, chosen, deleted, role, content, invocation, text,
    digest)
VALUES
    (1048576, 1, 0, NULL, 1, 0, 'user',
     '[{"image":{"format":"png","source":{"bytes":"ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="}}},{"text":"Which river?"},{"unknown":"hologram"}]',
     NULL, 'Which river?', x'00'),
    (1048577, 1, 1, 0, NULL, 0, 'assistant',
     '[{"reasoning":{"text":{"text":"Hm","signature":"sig"}}},{"text":"The Danube"}]',
     '{"modelId":"amazon.nova-lite-v1:0","region":"us-east-1","status":"complete","stopReason":"end_turn","metrics":{"latencyMs":7}}',
     'The Danube', x'00'),
    (1048578, 1, 2, 0, NULL, 1, 'assistant', '[{"text":"The Rhine"}]', NULL, 'The Rhine', x'00');
INSERT INTO attachments VALUES
    ('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad', 3, 'image/png');
INSERT INTO turn_attachments VALUES
    (1048576, 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
PRAGMA user_version = 1;
PRAGMA application_id = 1113870439;
