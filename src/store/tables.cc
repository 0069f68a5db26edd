#include "store/tables.h"

namespace ebb::store {
namespace {

// Blobs stand last in their rows: what is read without them does not touch their pages.
constexpr const char* kVersion1 = R"sql(
CREATE TABLE series (
  id         INTEGER PRIMARY KEY,
  role       INTEGER NOT NULL CHECK (role IN (0, 1)),
  zone       TEXT    NOT NULL,
  kind       INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 2),
  scope      INTEGER NOT NULL CHECK (scope BETWEEN 0 AND 2),
  source     TEXT    NOT NULL,
  vintage    TEXT    NOT NULL,
  step_ns    INTEGER NOT NULL CHECK (step_ns > 0),
  phase_ns   INTEGER NOT NULL CHECK (phase_ns >= 0 AND phase_ns < step_ns),
  first_slot INTEGER NOT NULL,
  end_slot   INTEGER NOT NULL,
  revised    INTEGER NOT NULL,
  UNIQUE (zone, role, kind, scope, source, vintage, step_ns, phase_ns)
) STRICT;
CREATE TABLE origins (
  id           INTEGER PRIMARY KEY,
  licence      TEXT    NOT NULL,
  location     TEXT    NOT NULL,
  retrieved_ns INTEGER NOT NULL,
  measured     REAL    NOT NULL,
  modelled     REAL    NOT NULL,
  filled       REAL    NOT NULL,
  UNIQUE (licence, location, retrieved_ns, measured, modelled, filled)
) STRICT;
CREATE TABLE chunks (
  id         INTEGER PRIMARY KEY,
  series_id  INTEGER NOT NULL REFERENCES series,
  chunk      INTEGER NOT NULL,
  first_slot INTEGER NOT NULL,
  end_slot   INTEGER NOT NULL,
  present    INTEGER NOT NULL,
  sum        REAL    NOT NULL,
  bytes      BLOB    NOT NULL,
  UNIQUE (series_id, chunk)
) STRICT;
CREATE TABLE spans (
  series_id  INTEGER NOT NULL REFERENCES series,
  first_slot INTEGER NOT NULL,
  end_slot   INTEGER NOT NULL,
  origin_id  INTEGER NOT NULL REFERENCES origins,
  PRIMARY KEY (series_id, first_slot)
) STRICT, WITHOUT ROWID;
CREATE TABLE changes (
  id         INTEGER PRIMARY KEY,
  series_id  INTEGER NOT NULL REFERENCES series,
  at_ns      INTEGER NOT NULL,
  first_slot INTEGER NOT NULL,
  end_slot   INTEGER NOT NULL,
  replaced   INTEGER NOT NULL,
  old_bytes  BLOB
) STRICT;
CREATE INDEX changes_by_series ON changes (series_id, at_ns);
CREATE TABLE forecasts (
  id         INTEGER PRIMARY KEY,
  series_id  INTEGER NOT NULL REFERENCES series,
  issued_ns  INTEGER NOT NULL,
  quantile   REAL    NOT NULL,
  origin_id  INTEGER NOT NULL REFERENCES origins,
  first_slot INTEGER NOT NULL,
  end_slot   INTEGER NOT NULL,
  bytes      BLOB    NOT NULL,
  UNIQUE (series_id, issued_ns, quantile)
) STRICT;
CREATE TABLE fetched (
  provider TEXT    NOT NULL,
  zone     TEXT    NOT NULL,
  signal   TEXT    NOT NULL,
  begin_ns INTEGER NOT NULL,
  end_ns   INTEGER NOT NULL,
  PRIMARY KEY (provider, zone, signal, begin_ns)
) STRICT, WITHOUT ROWID;
)sql";

}  // namespace

const sqlite::Tables& tables() {
  static const sqlite::Tables all{0x65626273 /* "ebbs" */, {kVersion1}};
  return all;
}

}  // namespace ebb::store
