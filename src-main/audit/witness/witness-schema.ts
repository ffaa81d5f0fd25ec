/**
 * What witnesses said of this chain's checkpoints, and what this console, as a witness, saw of other chains. Both only
 * grow: a cosignature is not replaced, and what was seen of a chain does not become less.
 */
export const WITNESS_TABLES = `
CREATE TABLE cosignature (
  size INTEGER NOT NULL REFERENCES checkpoint (size),
  name TEXT NOT NULL,
  key_id TEXT NOT NULL,
  line TEXT NOT NULL,
  added INTEGER NOT NULL,
  PRIMARY KEY (size, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX cosignature_by_key ON cosignature (name, key_id, size);
CREATE TRIGGER cosignature_insert BEFORE INSERT ON cosignature
WHEN EXISTS (SELECT 1 FROM cosignature WHERE size = NEW.size AND line = NEW.line)
BEGIN SELECT RAISE(ABORT, 'cosignature: append only'); END;
CREATE TRIGGER cosignature_update BEFORE UPDATE ON cosignature
BEGIN SELECT RAISE(ABORT, 'cosignature: append only'); END;
CREATE TRIGGER cosignature_delete BEFORE DELETE ON cosignature
BEGIN SELECT RAISE(ABORT, 'cosignature: append only'); END;

CREATE TABLE witnessed (
  chain TEXT NOT NULL,
  size INTEGER NOT NULL,
  root BLOB NOT NULL CHECK (length(root) = 32),
  keys TEXT NOT NULL,
  seconds INTEGER NOT NULL,
  PRIMARY KEY (chain, size)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER witnessed_insert BEFORE INSERT ON witnessed
WHEN NEW.size <= (SELECT coalesce(max(size), 0) FROM witnessed WHERE chain = NEW.chain)
BEGIN SELECT RAISE(ABORT, 'witnessed: not newer'); END;
CREATE TRIGGER witnessed_update BEFORE UPDATE ON witnessed BEGIN SELECT RAISE(ABORT, 'witnessed: append only'); END;
CREATE TRIGGER witnessed_delete BEFORE DELETE ON witnessed BEGIN SELECT RAISE(ABORT, 'witnessed: append only'); END;
`;
