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
import { loadBreaks, type RegisteredBreak } from './break-register.ts';
import { claimFindings, loadClaims } from './claims.ts';
import { contradiction } from './compare.ts';
import { type Examination, examine, type Known, keptHeadFindings } from './examine.ts';
import { type Finding, finding } from './finding.ts';
import { recallHead } from './head-keeper.ts';
import { History, type HistoryParts } from './history.ts';
import type { InvolvedCheckpoint, SchemaDifference } from './incident-bundle.ts';
import { recordedAcknowledgements } from './recorded-acknowledgements.ts';
import { rowsCutOff } from './rows-cut-off.ts';
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

/** A database, and everything its history is found from. */
export interface HistoryPlace {
  readonly chain: string;
  readonly folder: string;
  readonly rows: SqliteRows;
  readonly firstKey: string;
  readonly schema: SchemaCheck;
}

/**
 * Holds a database against everything known of it elsewhere: the keychain's checkpoint and newest record, witness folders,
 * what was shown before, the schema, its own newest records and checkpoints. What is found is reported; only what makes it
 * impossible to read is thrown.
 */
export async function openHistory(options: OpenAuditStoreOptions, place: HistoryPlace): Promise<OpenedHistory> {
  const { secrets, random, kms } = options;
  const { chain, folder, rows, firstKey } = place;
  const registered = await loadBreaks(secrets, chain);
  const breaks = [...registered, ...(await recordedAcknowledgements(rows, folder, registered))];
  const isSuperseded = superseding(breaks);
  const told = keysOf(rows, firstKey, []);
  const { folders, known } = await WitnessFolders.load({
    folder,
    chain,
    secrets,
    random,
    keys: (size) => (told === null ? [] : keysForCheckpoint(told.ring, size)),
    isSuperseded,
    warn: warningOf(options),
  });
  const elsewhere = { ...(await recall(secrets, chain)), folders: known, isSuperseded };
  const { findings, keys, opened } = judge(options.tenant, place, elsewhere);
  for (const { source, text } of opened.findings) if (source !== null) folders.markContradiction(source, text);
  const signer = await signerOf({ secrets, kms }, chain, keys, firstKey, findings);
  const history = newHistory(options, place, { signer, folders, breaks });
  await history.report(findings);
  const { kept } = elsewhere;
  return { history, folders, opened, kept: typeof kept === 'string' ? null : kept, keys, signer };
}

/** The history of a chain, with the way to look for breaks of it anew while it is open. */
export function newHistory(
  options: OpenAuditStoreOptions,
  place: HistoryPlace,
  { signer, folders, breaks }: { signer: Signer; folders: WitnessFolders; breaks: readonly RegisteredBreak[] },
): History {
  const { tenant, secrets, clock, random } = options;
  const { chain, folder, rows, schema } = place;
  const history: History = new History(
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
      cutOff: () => rowsCutOff(rows, rows.head()?.seq ?? 0),
      warn: warningOf(options),
      look: async () => {
        const known = await folders.look();
        const elsewhere = { ...(await recall(secrets, chain)), folders: known };
        const isSuperseded: Known['isSuperseded'] = (checkpoint) => history.isSuperseded(checkpoint);
        const { kept } = elsewhere;
        return {
          find: () => judge(tenant, place, { ...elsewhere, isSuperseded }).findings,
          kept: kept === null || typeof kept === 'string' ? null : kept,
        };
      },
    },
    signer,
    breaks,
  );
  folders.follow(history);
  return history;
}

function warningOf({ onWarning }: OpenAuditStoreOptions): HistoryParts['warn'] {
  return (error, what) => onWarning?.(error, what);
}

/** How the database stands to what is known of it elsewhere, at one moment. */
function judge(tenant: string, { chain, rows, firstKey, schema }: HistoryPlace, known: Known) {
  const findings = schemaFindings(schema.differences(rows.db));
  const keys = keysOf(rows, firstKey, findings);
  const opened = keys === null ? unexamined(rows, known) : examine({ chain, tenant, rows, firstKey }, keys, known);
  return { findings: [...findings, ...opened.findings], keys, opened };
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
function unexamined(rows: SqliteRows, { kept, head: told, claims, isSuperseded }: Known): Examination {
  const row = rows.head();
  const head = { seq: row?.seq ?? 0, hash: row?.hash.toString('hex') ?? '', frontier: new Frontier() };
  const findings = claimFindings(rows, head.seq, claims, isSuperseded);
  if (kept !== null && typeof kept !== 'string') {
    const { note, size, root } = kept;
    const found = contradiction(rows, head.seq, { source: 'keychain', note, size, root, head: kept.head });
    if (found !== null) findings.push(found);
  }
  findings.push(...keptHeadFindings(rows, head.seq, told, findings));
  return { findings, head, latest: null, latestHead: head.hash };
}

/** What the keychain knows: of the newest checkpoint and the newest record, and what was shown before. */
async function recall(
  secrets: OpenAuditStoreOptions['secrets'],
  chain: string,
): Promise<Pick<Known, 'kept' | 'head' | 'claims'>> {
  const [head, claims] = [await recallHead(secrets, chain), await loadClaims(secrets, chain)];
  try {
    return { kept: await recallCheckpoint(secrets, chain), head, claims };
  } catch (error) {
    if (error instanceof CausewayError && error.code === 'audit-broken') return { kept: error.message, head, claims };
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
