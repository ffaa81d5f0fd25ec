/**
 * The trail without its long column of joined ids, which every append had to write and every search to read through.
 * Free text has its own index now, in a file that may be thrown away (search/). `category` went as well: it is the
 * beginning of `action`. Every index ends in the rowid, so that one value's rows come newest first without sorting.
 * There is no foreign key: the guard says the same, and is asked anyway.
 */
export const NARROW_TRAIL = `
CREATE TABLE trail_narrow (
  seq INTEGER PRIMARY KEY,
  time INTEGER NOT NULL,
  action TEXT NOT NULL,
  outcome TEXT NOT NULL,
  actor_type TEXT NOT NULL,
  actor_id TEXT NOT NULL,
  target_type TEXT NOT NULL,
  target_id TEXT NOT NULL,
  incident TEXT
) STRICT;
INSERT INTO trail_narrow (seq, time, action, outcome, actor_type, actor_id, target_type, target_id, incident)
SELECT seq, time, action, outcome, actor_type, actor_id, target_type, target_id, incident FROM trail ORDER BY seq;
DROP TABLE trail;
ALTER TABLE trail_narrow RENAME TO trail;
CREATE INDEX trail_by_time ON trail (time);
CREATE INDEX trail_by_action ON trail (action);
CREATE INDEX trail_by_outcome ON trail (outcome) WHERE outcome <> 'success';
CREATE INDEX trail_by_actor ON trail (actor_id);
CREATE INDEX trail_by_target ON trail (target_id);
CREATE INDEX trail_by_incident ON trail (incident) WHERE incident IS NOT NULL;
CREATE TRIGGER trail_insert BEFORE INSERT ON trail
WHEN NEW.seq IS NOT (SELECT max(seq) FROM record) OR EXISTS (SELECT 1 FROM trail WHERE seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'trail: only beside its record'); END;
CREATE TRIGGER trail_update BEFORE UPDATE ON trail BEGIN SELECT RAISE(ABORT, 'trail: append only'); END;
CREATE TRIGGER trail_delete BEFORE DELETE ON trail BEGIN SELECT RAISE(ABORT, 'trail: append only'); END;
`;
