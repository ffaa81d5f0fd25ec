import { z } from 'zod';
import type { AuditRecord } from '#shared/model/audit-record.ts';
import type { RecordRow, SqliteRows } from '../sqlite-rows.ts';
import type { WitnessedRow } from './witness-rows.ts';

export const SEEN_SETTING = 'witness.seen';
/** Size, root and the key the chain began with, as `seenValue` writes them. */
const Change = z.object({ setting: z.literal(SEEN_SETTING), new: z.string() });

/** What a record says was seen of another chain. */
export function seenValue(size: number, root: string, firstKey: string): string {
  return `${size} ${root} ${firstKey}`;
}

/** What the records say was seen of other chains. */
export class SeenOnRecord {
  readonly #seen = new Set<string>();

  constructor(rows: Pick<SqliteRows, 'byAction'>, read: (row: RecordRow) => AuditRecord | undefined) {
    for (const row of rows.byAction('tenant.configuration_changed')) {
      const record = read(row);
      if (record?.action !== 'tenant.configuration_changed' || record.outcome !== 'success') continue;
      const change = Change.safeParse(record.data);
      if (change.success && record.target.type === 'chain') this.#seen.add(`${record.target.id} ${change.data.new}`);
    }
  }

  /** Whether a row was written by this console: it writes the record first, which nobody else can sign. */
  has({ chain, size, root, keys }: WitnessedRow): boolean {
    return this.#seen.has(`${chain} ${seenValue(size, root.toString('base64'), firstKeyOf(keys))}`);
  }
}

function firstKeyOf(keys: string): string {
  try {
    const parsed = z.array(z.object({ id: z.string() })).safeParse(JSON.parse(keys));
    return parsed.success ? (parsed.data[0]?.id ?? '') : '';
  } catch {
    return '';
  }
}
