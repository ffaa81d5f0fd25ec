import { CausewayError } from '#shared/errors.ts';
import type { RecordDetail, TimelineEntry, TrailRow } from '#shared/ipc/views.ts';
import { ACTION_DESCRIPTIONS } from '#shared/model/audit-actions.ts';
import type { AuditStore } from '../audit/store.ts';
import { unlessRecordDamaged } from '../audit/stored-record.ts';
import { actorText, timelineText } from './timeline-text.ts';

const PAGE = 500;
const MOST_ENTRIES = 2000;
/** Records never change: a line once worded is kept, up to this many. */
const MOST_KEPT = 20_000;

type TimelineStore = Pick<AuditStore, 'page' | 'get' | 'disclosures'>;

/** Words an incident's records, oldest first; of a very long history the newest 2,000. */
export function createTimeline(store: TimelineStore): (incident: string) => readonly TimelineEntry[] {
  const kept = new Map<number, TimelineEntry>();
  return (incident) => {
    const found: TrailRow[] = [];
    for (let before: number | undefined; found.length < MOST_ENTRIES; ) {
      const { rows } = store.page({ incident, limit: PAGE, ...(before === undefined ? {} : { before }) });
      found.push(...rows);
      before = rows.at(-1)?.seq;
      if (rows.length < PAGE || before === undefined || before === 1) break;
    }
    return found
      .slice(0, MOST_ENTRIES)
      .reverse()
      .flatMap((row) => {
        const { seq } = row;
        const entry = kept.get(seq) ?? wordUnlessDamaged(store, row);
        if (entry === null) return [];
        if (kept.size >= MOST_KEPT) kept.clear();
        kept.set(seq, entry);
        return [entry];
      });
  };
}

/** Where a record is damaged the trail's list of it is all there is to show; verification says what is wrong. */
function wordUnlessDamaged(store: TimelineStore, row: TrailRow): TimelineEntry | null {
  const worded = unlessRecordDamaged(() => ({ entry: wordEntry(store, row.seq) }));
  if (worded !== null) return worded.entry;
  const { seq, time, action, outcome, actorId } = row;
  return { seq, time, action, outcome, actor: actorId, text: 'This record is damaged and cannot be shown.' };
}

function wordEntry(store: TimelineStore, seq: number): TimelineEntry | null {
  const stored = store.get(seq);
  if (stored === null) return null;
  const { record } = stored;
  const sealed = holdsSealed(stored.bytes) ? store.disclosures(seq) : [];
  const disclose = (path: string) => {
    const value = sealed.find((one) => one.path === path)?.value;
    return value === undefined ? null : typeof value === 'string' ? value : JSON.stringify(value);
  };
  return {
    seq,
    time: record.time,
    action: record.action,
    outcome: record.outcome,
    actor: actorText(record.actor, record.onBehalfOf, disclose),
    text: timelineText(record, disclose),
  };
}

/** Most records have nothing sealed, and decrypting is not free. */
function holdsSealed(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes('{"sealed":');
}

/** A record with what it says, what it discloses and each check of it. `not-found` when there is none. */
export function recordDetail(store: AuditStore, seq: number): RecordDetail {
  const stored = store.get(seq);
  if (stored === null) throw new CausewayError('not-found', `There is no record ${seq}.`);
  const { key, prev } = stored.record;
  const proof = store.proof(seq);
  return {
    seq,
    hash: stored.hash,
    sig: Buffer.from(stored.sig).toString('base64'),
    bytes: new TextDecoder().decode(stored.bytes),
    prev,
    key: { id: key, alg: store.keys().find(({ id }) => id === key)?.alg ?? null },
    proof: proof === null ? null : { ...proof, hashes: [...proof.hashes] },
    description: ACTION_DESCRIPTIONS[stored.record.action],
    disclosures: store.disclosures(seq).map(({ path, value }) => ({
      path,
      value: typeof value === 'string' ? value : JSON.stringify(value),
    })),
    checks: store.checkRecord(seq).map(({ name, state, detail }) => ({ name, state, detail })),
  };
}
