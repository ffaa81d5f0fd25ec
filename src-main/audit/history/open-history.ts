import { CausewayError } from '#shared/errors.ts';
import { anchoredKeys, type ChainKeys } from '../chain-keys.ts';
import { type KeptCheckpoint, recallCheckpoint } from '../checkpoint-keeper.ts';
import { keysForCheckpoint } from '../end-checks.ts';
import { recordableTime } from '../recordable-time.ts';
import type { Signer } from '../signer.ts';
import { openSigner } from '../signers/kept-keys.ts';
import type { SqliteRows } from '../sqlite-rows.ts';
import type { OpenAuditStoreOptions } from '../store.ts';
import { Frontier } from '../tree.ts';
import { noteWithCosignatures } from '../witness/cosigned-notes.ts';
import { loadBreaks } from './break-register.ts';
import { contradiction } from './compare.ts';
import { type Examination, examine, type Known } from './examine.ts';
import { type Finding, finding } from './finding.ts';
import { History } from './history.ts';
import type { InvolvedCheckpoint, SchemaDifference } from './incident-bundle.ts';
import { recordedAcknowledgements } from './recorded-acknowledgements.ts';
import { describeDifferences, isRepairable, type SchemaCheck } from './schema-check.ts';
import { WitnessFolders } from './witness-folders.ts';

const NO_VERIFIER = 'No verifier could tell any more which keys it is signed by.';
const NO_TABLE = 'What was in a table that was changed is not known.';
const NO_KEY = 'The key that signed at the end of this database was destroyed after its successor took over.';
const MAX_OWN = 200;

export interface OpenedHistory {
  readonly history: History;
  readonly folders: WitnessFolders;
  readonly opened: Examination;
  readonly kept: KeptCheckpoint | null;
  /** null when the chain does not say which keys it is signed by. */
  readonly keys: ChainKeys | null;
  readonly signer: Signer;
}

/**
 * Holds a database against everything known of it elsewhere: the keychain's checkpoint, witness folders, the schema, its
 * own newest record and checkpoints. What is found is reported; only what makes it impossible to read is thrown.
 */
export async function openHistory(
  { tenant, secrets, clock, random, kms }: OpenAuditStoreOptions,
  { chain, folder, rows, firstKey }: { chain: string; folder: string; rows: SqliteRows; firstKey: string },
  schema: SchemaCheck,
): Promise<OpenedHistory> {
  const registered = await loadBreaks(secrets, chain);
  const breaks = [...registered, ...(await recordedAcknowledgements(rows, folder, registered))];
  const isSuperseded = superseding(breaks);
  const findings = schemaFindings(schema.differences(rows.db));
  const keys = keysOf(rows, firstKey, findings);
  const { folders, known } = await WitnessFolders.load({
    folder,
    chain,
    secrets,
    random,
    keys: (size) => (keys === null ? [] : keysForCheckpoint(keys.ring, size)),
    isSuperseded,
  });
  const kept = await recall(secrets, chain);
  const opened =
    keys === null ? unexamined(rows, kept) : examine(rows, chain, keys, { kept, folders: known, isSuperseded });
  findings.push(...opened.findings);
  for (const { source, text } of opened.findings) if (source !== null) folders.markContradiction(source, text);
  const signer = await signerOf({ secrets, kms }, chain, keys, firstKey, findings);
  const history = new History(
    {
      folder,
      chain,
      tenant,
      secrets,
      random,
      now: () => recordableTime(clock),
      head: () => headOf(rows),
      schema: () => schema.differences(rows.db),
      own: () => ownCheckpoints(rows),
    },
    signer,
    breaks,
  );
  await history.report(findings);
  folders.follow(history);
  return { history, folders, opened, kept: typeof kept === 'string' ? null : kept, keys, signer };
}

function superseding(breaks: Awaited<ReturnType<typeof loadBreaks>>): Known['isSuperseded'] {
  return ({ size, root }) => breaks.some(({ superseded }) => superseded?.size === size && superseded.root === root);
}

function schemaFindings(differences: readonly SchemaDifference[]): Finding[] {
  if (differences.length === 0) return [];
  const text = `The guards of the database are not what they were: ${describeDifferences(differences)}.`;
  return [finding('schema-changed', text, { final: isRepairable(differences) ? null : NO_TABLE })];
}

function keysOf(rows: SqliteRows, firstKey: string, findings: Finding[]): ChainKeys | null {
  try {
    return anchoredKeys(rows, firstKey);
  } catch (error) {
    if (!(error instanceof CausewayError) || error.code !== 'audit-broken') throw error;
    const first = error.reason === 'first-record';
    const text = `The chain does not say which keys it is signed by: ${error.message}`;
    findings.push(
      finding(first ? 'first-record' : 'records-altered', text, { seq: first ? 1 : null, final: NO_VERIFIER }),
    );
    return null;
  }
}

/** What can be said without the chain's keys. */
function unexamined(rows: SqliteRows, kept: Known['kept']): Examination {
  const row = rows.head();
  const head = { seq: row?.seq ?? 0, hash: row?.hash.toString('hex') ?? '', frontier: new Frontier() };
  const nothing = { findings: [], head, latest: null, latestHead: head.hash };
  if (kept === null || typeof kept === 'string') return nothing;
  const { note, size, root } = kept;
  const found = contradiction(rows, head.seq, { source: 'keychain', note, size, root, head: kept.head });
  return found === null ? nothing : { ...nothing, findings: [found] };
}

async function recall(secrets: OpenAuditStoreOptions['secrets'], chain: string): Promise<Known['kept']> {
  try {
    return await recallCheckpoint(secrets, chain);
  } catch (error) {
    if (error instanceof CausewayError && error.code === 'audit-broken') return error.message;
    throw error;
  }
}

/**
 * Who signs next. A database rolled back past a rotation would have to be signed by a key that was destroyed: it is read,
 * and nothing is ever written to it.
 */
async function signerOf(
  room: Parameters<typeof openSigner>[0],
  chain: string,
  keys: ChainKeys | null,
  firstKey: string,
  findings: Finding[],
): Promise<Signer> {
  if (keys === null) return readingOnly(firstKey);
  try {
    return await openSigner(room, chain, keys.current);
  } catch (error) {
    const missing = error instanceof CausewayError && error.reason === 'key-missing';
    const [first, ...rest] = findings;
    if (!missing || first === undefined) throw error;
    findings.splice(0, findings.length, { ...first, final: first.final ?? NO_KEY }, ...rest);
    return readingOnly(keys.current.id);
  }
}

function readingOnly(keyId: string): Signer {
  return {
    alg: 'Ed25519',
    keyId,
    spki: Buffer.alloc(0),
    description: 'none: this trail can only be read',
    sign: async () => {
      throw new CausewayError('audit-broken', 'This trail can only be read.', { reason: 'history-lost' });
    },
  };
}

function headOf(rows: SqliteRows): { seq: number; hash: string } | null {
  const row = rows.head();
  return row === undefined ? null : { seq: row.seq, hash: row.hash.toString('hex') };
}

/** With their cosignatures: an acknowledgement takes those of more records than there are out of the database. */
function ownCheckpoints(rows: SqliteRows): InvolvedCheckpoint[] {
  return rows
    .checkpointsAfter(-1)
    .slice(-MAX_OWN)
    .reverse()
    .map(({ size, note }) => ({
      source: 'database',
      note: noteWithCosignatures(rows, size, note).slice(0, 64 * 1024),
      head: null,
    }));
}
