import { describeError } from '#shared/errors.ts';
import type { AuditRecord } from '#shared/model/audit-record.ts';
import { parseNote } from '../checkpoint.ts';
import type { ProblemList } from '../problems.ts';
import type { RecordRow, SqliteRows } from '../sqlite-rows.ts';
import { toStoredRecord } from '../stored-record.ts';
import { judgeCosignatures } from './cosignature.ts';
import { SeenOnRecord } from './seen-on-record.ts';
import { trustOnRecord } from './trusted.ts';
import type { WitnessKey } from './vkey.ts';
import { WitnessRows } from './witness-rows.ts';

/**
 * The cosignatures a store keeps: each must be a line of its checkpoint, and hold where its witness is trusted. What it
 * keeps of other chains must be on record.
 */
export function verifyStoredCosignatures(rows: SqliteRows, problems: ProblemList): void {
  try {
    const kept = new WitnessRows(rows.db);
    const trusted = trustOnRecord(rows, readable);
    for (const size of kept.cosigned()) {
      const note = kept.checkpoint(size)?.note;
      for (const { name, key_id, line } of kept.cosignatures(size)) {
        const wrong = note === undefined ? 'there is no such checkpoint' : judge(note, { name, key_id, line }, trusted);
        if (wrong !== null) problems.add(0, 'checkpoint', `a cosignature kept for the checkpoint of ${size}: ${wrong}`);
      }
    }
    const seen = new SeenOnRecord(rows, readable);
    for (const row of kept.allWitnessed()) {
      if (seen.has(row)) continue;
      problems.add(0, 'checkpoint', `what was seen of chain ${row.chain} at ${row.size} records is not on record`);
    }
  } catch (error) {
    problems.add(0, 'checkpoint', `the cosignatures cannot be read: ${describeError(error)}`);
  }
}

/** A damaged record is named where the records are checked; it trusts nobody. */
function readable(row: RecordRow): AuditRecord | undefined {
  try {
    return toStoredRecord(row)?.record;
  } catch {
    return undefined;
  }
}

function judge(
  note: string,
  row: { readonly name: string; readonly key_id: string; readonly line: string },
  trusted: readonly WitnessKey[],
): string | null {
  const whole = parseNote(note + row.line);
  if (typeof whole === 'string') return whole;
  const line = judgeCosignatures(whole, trusted).at(-1);
  if (line === undefined || line.name !== row.name || line.keyId !== row.key_id)
    return 'it is not of whom it is kept for';
  return line.state === 'wrong' ? `it is not by ${line.name}` : null;
}
