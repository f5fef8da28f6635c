-- Parts have files too, such as the pictures of a gallery: each once, whoever else has it.

CREATE TABLE part_attachments (
    part INTEGER NOT NULL REFERENCES parts (id) ON DELETE CASCADE,
    sha256 TEXT NOT NULL REFERENCES attachments (sha256),
    PRIMARY KEY (part, sha256)
) STRICT, WITHOUT ROWID;

CREATE INDEX parts_of_attachment ON part_attachments (sha256);
