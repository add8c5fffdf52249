PRAGMA application_id = 1214673780;
PRAGMA user_version = 2;
CREATE TABLE meta (name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) STRICT;
CREATE TABLE accounts (
    key TEXT PRIMARY KEY NOT NULL,
    account TEXT,
    position TEXT,
    at INTEGER NOT NULL,
    data TEXT NOT NULL,
    hash TEXT NOT NULL,
    saved INTEGER NOT NULL
  ) STRICT;
CREATE TABLE settings (
    key TEXT PRIMARY KEY NOT NULL,
    account TEXT,
    position TEXT,
    at INTEGER NOT NULL,
    data TEXT NOT NULL,
    hash TEXT NOT NULL,
    saved INTEGER NOT NULL
  ) STRICT;
CREATE TABLE monitors (
    key TEXT PRIMARY KEY NOT NULL,
    account TEXT,
    position TEXT,
    at INTEGER NOT NULL,
    data TEXT NOT NULL,
    hash TEXT NOT NULL,
    saved INTEGER NOT NULL
  ) STRICT;
CREATE TABLE sightings (
    key TEXT PRIMARY KEY NOT NULL,
    account TEXT,
    position TEXT,
    at INTEGER NOT NULL,
    data TEXT NOT NULL,
    hash TEXT NOT NULL,
    saved INTEGER NOT NULL
  ) STRICT;
CREATE TABLE intents (
    key TEXT PRIMARY KEY NOT NULL,
    account TEXT,
    position TEXT,
    at INTEGER NOT NULL,
    data TEXT NOT NULL,
    hash TEXT NOT NULL,
    saved INTEGER NOT NULL, pending INTEGER AS (data ->> '$.pending') STORED
  ) STRICT;
CREATE TABLE executions (
    key TEXT PRIMARY KEY NOT NULL,
    account TEXT,
    position TEXT,
    at INTEGER NOT NULL,
    data TEXT NOT NULL,
    hash TEXT NOT NULL,
    saved INTEGER NOT NULL, symbol TEXT AS (data ->> '$.symbol') STORED, exec_id TEXT AS (data ->> '$.execId') STORED,
    UNIQUE (account, symbol, exec_id)
  ) STRICT;
CREATE INDEX executions_at ON executions (at);
CREATE TABLE trades (
    key TEXT PRIMARY KEY NOT NULL,
    account TEXT,
    position TEXT,
    at INTEGER NOT NULL,
    data TEXT NOT NULL,
    hash TEXT NOT NULL,
    saved INTEGER NOT NULL, open INTEGER AS (data ->> '$.closedAt' IS NULL) STORED
  ) STRICT;
CREATE INDEX trades_at ON trades (at);
CREATE TABLE trade_events (
    key TEXT PRIMARY KEY NOT NULL,
    account TEXT,
    position TEXT,
    at INTEGER NOT NULL,
    data TEXT NOT NULL,
    hash TEXT NOT NULL,
    saved INTEGER NOT NULL, trade TEXT AS (data ->> '$.trade') STORED
  ) STRICT;
CREATE INDEX trade_events_at ON trade_events (at);
CREATE INDEX trade_events_trade ON trade_events (trade, at);
CREATE TABLE journal (
    key TEXT PRIMARY KEY NOT NULL,
    account TEXT,
    position TEXT,
    at INTEGER NOT NULL,
    data TEXT NOT NULL,
    hash TEXT NOT NULL,
    saved INTEGER NOT NULL
  ) STRICT;
CREATE INDEX journal_at ON journal (at);
CREATE TRIGGER journal_is_append_only BEFORE UPDATE ON journal
     BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TABLE timeline (
    key TEXT PRIMARY KEY NOT NULL,
    account TEXT,
    position TEXT,
    at INTEGER NOT NULL,
    data TEXT NOT NULL,
    hash TEXT NOT NULL,
    saved INTEGER NOT NULL
  ) STRICT;
CREATE INDEX timeline_at ON timeline (at);
CREATE INDEX timeline_position ON timeline (position, at);
CREATE TABLE alerts (
    key TEXT PRIMARY KEY NOT NULL,
    account TEXT,
    position TEXT,
    at INTEGER NOT NULL,
    data TEXT NOT NULL,
    hash TEXT NOT NULL,
    saved INTEGER NOT NULL, owed INTEGER AS (data ->> '$.owed' <> '[]') STORED
  ) STRICT;
CREATE INDEX alerts_at ON alerts (at);
CREATE TABLE equity (
    key TEXT PRIMARY KEY NOT NULL,
    account TEXT,
    position TEXT,
    at INTEGER NOT NULL,
    data TEXT NOT NULL,
    hash TEXT NOT NULL,
    saved INTEGER NOT NULL
  ) STRICT;
CREATE INDEX equity_at ON equity (at);
CREATE TABLE cycles (
    key TEXT PRIMARY KEY NOT NULL,
    account TEXT,
    position TEXT,
    at INTEGER NOT NULL,
    data TEXT NOT NULL,
    hash TEXT NOT NULL,
    saved INTEGER NOT NULL
  ) STRICT;
CREATE INDEX cycles_at ON cycles (at);
CREATE TABLE quarantine (
      id INTEGER PRIMARY KEY,
      source TEXT NOT NULL,
      key TEXT NOT NULL,
      data TEXT NOT NULL,
      hash TEXT NOT NULL,
      why TEXT NOT NULL,
      at INTEGER NOT NULL
    ) STRICT;
CREATE TABLE operations (
    key TEXT PRIMARY KEY NOT NULL,
    account TEXT,
    position TEXT,
    at INTEGER NOT NULL,
    data TEXT NOT NULL,
    hash TEXT NOT NULL,
    saved INTEGER NOT NULL, running INTEGER AS (data ->> '$.state' = 'running') STORED
  ) STRICT;
CREATE INDEX operations_at ON operations (at);
INSERT INTO meta (name, value) VALUES ('dataEpoch', 'first-version');
INSERT INTO monitors (key, account, position, at, data, hash, saved) VALUES ('main/BTCUSDT/0', 'main', 'main/BTCUSDT/0', 1748736000000, '{"version":1,"account":"main","symbol":"BTCUSDT","positionIdx":0,"side":"long","phase":"taking-profit","targetSize":"0.3","size":"0.03","entryPrice":"64000.5","entries":[{"orderId":"e1","price":"64000","quantity":"0.2","filledQuantity":"0.2","open":false},{"orderId":"e2","price":"63000","quantity":"0.1","filledQuantity":"0","open":true}],"takeProfits":[{"level":1,"price":"66000","quantity":"0.17","filledQuantity":"0.17","orderId":"t1","state":"filled"},{"level":2,"price":"67000","quantity":"0.03","filledQuantity":"0","orderId":"t2","state":"open"}],"stop":{"price":"64077.4","quantity":"full","source":"position","orderId":null},"breakevenMoved":true,"lastExecution":{"execId":"x1","executedAt":1748736000000},"openedAt":1748736000000,"phaseChangedAt":1748736000000,"updatedAt":1748736000000}', '5c4fdf7d0e095e62da15fa1cf5e45ae2c47cfb9de737a4be98aa93e9928264ce', 1748736100000);
INSERT INTO monitors (key, account, position, at, data, hash, saved) VALUES ('mirror/ETHUSDT/0', 'mirror', 'mirror/ETHUSDT/0', 1748736000000, '{"version":1,"account":"mirror","symbol":"ETHUSDT","positionIdx":0,"side":"short","phase":"adopted","targetSize":"0.3","size":"0.03","entryPrice":"64000.5","entries":[],"takeProfits":[],"stop":null,"breakevenMoved":false,"lastExecution":null,"openedAt":1748736000000,"phaseChangedAt":1748736000000,"updatedAt":1748736000000}', 'c11458ca201ad91a39bfe2cf985a899f6c40351de93eea1071d1b1415892ce81', 1748736100000);
INSERT INTO journal (key, account, position, at, data, hash, saved) VALUES ('first-version', NULL, NULL, 1748736100000, '{"id":"first-version","at":1748736100000,"reason":"monitor-created","subject":["monitors main/BTCUSDT/0","monitors mirror/ETHUSDT/0"],"before":{},"after":{"monitors main/BTCUSDT/0":"created","monitors mirror/ETHUSDT/0":"created"},"outcome":"committed","why":null}', 'afaf5a5e102f867c328f8924ef3dd5b38df027238f60994f1376f549a9abb511', 1748736100000);
