import { openChainFile } from '#main/audit/reading/chain-file-reader.ts';
import { AUDIT_DATA, type AuditData } from '#shared/model/audit-data.ts';
import { isEntry, type RecordMembers, readMembers } from '../evaluation/read-entry.ts';

/** The record of a report's file that names the report by the digest of its content. */
export interface SavedRecord {
  readonly seq: number;
  /** RFC 3339 UTC. */
  readonly time: string;
  readonly by: string;
  readonly device: string | null;
  readonly data: AuditData<'tenant.report_generated'>;
}

/** What a chain says of a report besides its figures, also in records after those it was made over. */
export interface ChainFacts {
  /** The first file of it on record; null when the chain file holds none. */
  readonly saved: SavedRecord | null;
  /** Of a report about a moment: time of the record after the last one it was made over, where there is one. */
  readonly next: string | null;
  /** And the last record that was written surely before that moment, whatever clocks did; 0 when there is none. */
  readonly surelyBefore: number;
}

/** Times of records may go back by minutes: a store sets its clock right. */
const CLOCK_MS = 10 * 60 * 1000;

/**
 * Reads a chain file from front to end. Nothing in it is believed here that the verifier does not check.
 * @param moment what a Type I report speaks of; null for every other kind, whose records' times need not be looked at
 * @throws CausewayError `cancelled`, `bad-input` when the file cannot be read
 */
export async function factsOf(
  path: string,
  { last, moment, digest }: { readonly last: number; readonly moment: string | null; readonly digest: string },
  signal: AbortSignal | undefined,
): Promise<ChainFacts> {
  const limit = moment === null ? 0 : Date.parse(moment) - CLOCK_MS;
  let saved: SavedRecord | null = null;
  let next: string | null = null;
  let surelyBefore = 0;
  let seq = 0;
  const reader = await openChainFile(path);
  try {
    await reader.read(({ bytes }) => {
      seq++;
      const names = saved === null && holds(bytes, digest);
      if (moment === null && !names) return 'more';
      const members = readMembers(bytes);
      if (members === null || typeof members.time !== 'string') return 'more';
      if (names) saved = savedRecord(members, seq, digest);
      if (moment === null) return 'more';
      if (seq === last + 1) next = members.time;
      if (Date.parse(members.time) < limit) surelyBefore = seq;
      return 'more';
    }, signal);
  } finally {
    await reader.close();
  }
  return { saved, next, surelyBefore };
}

function holds(bytes: Uint8Array, digest: string): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(digest, 0, 'latin1');
}

function savedRecord(members: RecordMembers, seq: number, digest: string): SavedRecord | null {
  if (!isEntry(members) || members.action !== 'tenant.report_generated' || members.outcome !== 'success') return null;
  const parsed = AUDIT_DATA['tenant.report_generated'].safeParse(members.data);
  if (!parsed.success || parsed.data.document !== digest) return null;
  const { time, actor, device } = members as {
    readonly time: string;
    readonly actor: { readonly id: string };
    readonly device?: { readonly id?: unknown };
  };
  return { seq, time, by: actor.id, device: typeof device?.id === 'string' ? device.id : null, data: parsed.data };
}
