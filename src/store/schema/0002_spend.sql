-- What every finished call took and cost. Conversations come and go; money that is spent stays spent,
-- so no row here depends on one.

CREATE TABLE spend (
    id INTEGER PRIMARY KEY,
    -- Milliseconds since 1970.
    at INTEGER NOT NULL,
    model TEXT NOT NULL,
    region TEXT NOT NULL,
    -- NULL for bought capacity.
    tier TEXT,
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    cache_read_tokens INTEGER NOT NULL,
    cache_write_tokens INTEGER NOT NULL,
    -- Exact; NULL when it is not known, which is not 0.
    cost TEXT,
    price_source TEXT,
    -- 1 when the embedded endpoint answered: what it would have cost, and nobody paid.
    simulated INTEGER NOT NULL,
    screen TEXT NOT NULL,
    conversation TEXT
) STRICT;

CREATE INDEX spend_by_time ON spend (at);
