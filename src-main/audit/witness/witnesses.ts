import type { Clock } from '#main/platform/clock.ts';
import { explainSqliteError } from '#main/platform/sqlite-errors.ts';
import { CausewayError } from '#shared/errors.ts';
import type { Cosignature } from '#shared/ipc/verification-views.ts';
import { broken } from '../broken.ts';
import { introducedKeys } from '../chain-keys.ts';
import { type Note, noteSigner, parseNote } from '../checkpoint.ts';
import { finding } from '../history/finding.ts';
import type { History } from '../history/history.ts';
import { readKey, type VerifyingKey } from '../keys.ts';
import { recordableTime } from '../recordable-time.ts';
import { SerialQueue } from '../serial-queue.ts';
import type { SqliteRows } from '../sqlite-rows.ts';
import type { StoredCheckpoint } from '../store.ts';
import { BrokenTreeError, storedSubtree } from '../stored-tree.ts';
import { proveConsistency } from '../tree-proof.ts';
import { cosignatureSeconds, isOf, judgeCosignatures, verifyCosignature } from './cosignature.ts';
import { readAnswer } from './cosignature-file.ts';
import type { By } from './cosigner.ts';
import { collectKeyRecords } from './key-evidence.ts';
import { writeRequest } from './request.ts';
import { TrustedWitnesses, type TrustParts } from './trusted.ts';
import { readVkey, type WitnessKey } from './vkey.ts';
import { WitnessRows } from './witness-rows.ts';

/** Most cosignatures kept for one checkpoint. */
const MAX_COSIGNATURES = 64;

export interface WitnessesParts extends TrustParts {
  readonly tenant: string;
  readonly rows: SqliteRows;
  readonly clock: Clock;
  /** Told when a witness saw what this trail does not have. */
  readonly history: Pick<History, 'report' | 'isSuperseded' | 'requireWritable'>;
  /** Signs the tree head as it is now. */
  readonly checkpoint: () => Promise<StoredCheckpoint>;
}

export interface RequestOptions {
  /** Name of the trusted witness it is for; its last cosignature tells where to begin. */
  readonly for?: string | undefined;
  /** The size that witness says it saw last, when it knows better. */
  readonly from?: number | undefined;
}

export interface MadeRequest {
  readonly text: string;
  readonly size: number;
  readonly old: number;
}

export interface WitnessToTrust {
  readonly name: string;
  readonly keyId: string;
  readonly vkey: string;
}

export type Added =
  | { readonly needsTrust: WitnessToTrust }
  | { readonly needsTrust: null; readonly size: number; readonly cosignatures: readonly Cosignature[] };

export interface Witness {
  readonly key: WitnessKey;
  readonly lastSize: number | null;
  /** By its own clock, RFC 3339. */
  readonly lastAt: string | null;
}

export interface ListedCheckpoint {
  readonly size: number;
  readonly root: string;
  readonly at: string;
  /** Id of the chain's key that signed it; null when none did. */
  readonly keyId: string | null;
  readonly cosignatures: readonly Cosignature[];
}

/** The witnesses of this chain: what is asked of them, and what they answered. */
export class Witnesses {
  readonly #parts: WitnessesParts;
  #prepared: WitnessRows | null = null;
  readonly #trusted: TrustedWitnesses;
  readonly #queue = new SerialQueue();

  constructor(parts: WitnessesParts) {
    this.#parts = parts;
    this.#trusted = new TrustedWitnesses(parts);
  }

  /** When first needed: a store whose tables were taken away is opened all the same, for reading what is left. */
  get #kept(): WitnessRows {
    this.#prepared ??= new WitnessRows(this.#parts.rows.db);
    return this.#prepared;
  }

  list(): readonly Witness[] {
    return this.#trusted.list().map((key) => ({ key, ...this.#last(key) }));
  }

  /** @throws CausewayError `not-found` */
  remove(name: string, by: By): Promise<void> {
    return this.#run(() => this.#trusted.remove(name, by));
  }

  /** A request for a checkpoint of everything there is now. @throws CausewayError `bad-input`, `not-found`, `audit-broken` */
  request(options: RequestOptions): Promise<MadeRequest> {
    return this.#run(() => this.#request(options));
  }

  async #request(options: RequestOptions): Promise<MadeRequest> {
    const { rows, tenant } = this.#parts;
    const { size, note } = await this.#parts.checkpoint();
    const old = options.from ?? this.#lastSeenBy(options.for);
    if (old > size) {
      const text = `There are ${size} records: no witness can have seen ${old} of them, unless this trail was rolled back.`;
      throw new CausewayError('bad-input', text, { reason: 'witness-old-size' });
    }
    const proof = proveConsistency(old, size, (from, to) => storedSubtree(rows, from, to));
    return { text: writeRequest({ tenant, keys: collectKeyRecords(rows, size), old, proof, note }), size, old };
  }

  /**
   * Takes a witness's answer over. `trust`: the vkey a person has compared, at the first answer of a witness.
   * @throws CausewayError `bad-input` (`witness-answer`), `denied` (`witness-signature`, `witness-key`), `conflict`
   * (`witness-key-changed`, `witness-other-checkpoint`), `audit-broken` (`witness-contradicts`), and as `append`
   */
  add(text: string, trust: string | undefined, by: By): Promise<Added> {
    return this.#run(() => this.#add(text, trust, by));
  }

  /** Newest first. `before` is a size. */
  checkpoints(before: number, limit: number): readonly ListedCheckpoint[] {
    const trusted = unlessBroken(() => this.#trusted.list());
    const chainKeys = unlessBroken(() => this.#chainKeys());
    return this.#kept.checkpoints(before, limit).flatMap((row) => {
      const note = parseNote(row.note);
      if (typeof note === 'string') return []; // named by a verification
      const signer = noteSigner(note, chainKeys);
      const at = new Date(row.written).toISOString();
      const keyId = typeof signer === 'string' ? null : signer.id;
      return [{ size: row.size, root: note.root, at, keyId, cosignatures: this.#cosignatures(note, trusted) }];
    });
  }

  async #add(text: string, trust: string | undefined, by: By): Promise<Added> {
    const answer = readAnswer(text);
    const { note } = answer;
    await this.#checkStored(note);
    this.#parts.history.requireWritable();
    const given = trust === undefined ? answer.key : readVkey(trust);
    if (typeof given === 'string') {
      throw new CausewayError('bad-input', `That is not the key of a witness: ${given}.`, { reason: 'witness-key' });
    }
    const trusted = this.#trusted.list();
    const isNew = given !== null && !trusted.some(({ vkey }) => vkey === given.vkey);
    if (isNew) this.#trusted.checkNew(given);
    const keys = isNew ? [...trusted, given] : trusted;
    const lines = note.signatures.slice(1);
    const wrong = judgeCosignatures(note, keys).find(({ state }) => state === 'wrong');
    if (wrong !== undefined) {
      const refusal = `The cosignature of ${wrong.name} is wrong. Nothing was added.`;
      throw new CausewayError('denied', refusal, { reason: 'witness-signature' });
    }
    if (isNew && !lines.some((line) => verifyCosignature(note.text, line, given))) throw noCosignature(given.name);
    if (isNew) {
      if (trust === undefined) return { needsTrust: { name: given.name, keyId: given.keyId, vkey: given.vkey } };
      await this.#trusted.trust(given, by);
    }
    const held = lines.filter((line) => keys.some((key) => verifyCosignature(note.text, line, key)));
    if (held.length === 0) throw noCosignature(null);
    const there = new Set(this.#kept.cosignatures(note.size).map(({ line }) => line));
    for (const { name, keyId, signature } of held) {
      const line = `— ${name} ${Buffer.concat([keyId, signature]).toString('base64')}\n`;
      if (there.has(line)) continue;
      if (there.size >= MAX_COSIGNATURES) {
        const full = `A checkpoint keeps ${MAX_COSIGNATURES} cosignatures; this one has them. Have a newer one cosigned.`;
        throw new CausewayError('too-large', full, { reason: 'witness-cosignatures' });
      }
      const added = Date.parse(recordableTime(this.#parts.clock));
      this.#kept.insertCosignature({ size: note.size, name, key_id: keyId.toString('hex'), line, added });
      there.add(line);
    }
    return { needsTrust: null, size: note.size, cosignatures: this.#cosignatures(note, keys) };
  }

  /** The checkpoint that was cosigned must be one of this trail. */
  async #checkStored(note: Note): Promise<void> {
    if (note.chain !== this.#parts.chain) {
      const text = 'This is the answer to a request of another chain. Nothing was added.';
      throw new CausewayError('bad-input', text, { reason: 'witness-other-chain' });
    }
    const stored = this.#kept.checkpoint(note.size);
    const known = stored === undefined ? null : parseNote(stored.note);
    if (known !== null && typeof known !== 'string' && known.text === note.text) return;
    if (typeof noteSigner(note, this.#chainKeys()) !== 'string') await this.#checkContradiction(note);
    const text = 'The answer is about a checkpoint this trail does not have. Nothing was added.';
    throw new CausewayError('conflict', text, { reason: 'witness-other-checkpoint' });
  }

  /** The chain's own key signed it: if the records are not those, they are not the ones that were there. */
  async #checkContradiction(note: Note): Promise<void> {
    const { rows, history } = this.#parts;
    const { size, root } = note;
    const head = rows.head()?.seq ?? 0;
    if (size <= head && storedSubtree(rows, 0, size).toString('base64') === root) return;
    if (history.isSuperseded({ size, root })) {
      const text = 'The answer is about a checkpoint that was given up when the break was acknowledged. Ask anew.';
      throw new CausewayError('conflict', text, { reason: 'witness-superseded' });
    }
    const [kind, how] = size > head ? (['rolled-back', `it ends at record ${head}`] as const) : FORKED;
    const text = `A witness signed a checkpoint of ${size} records of this trail, and ${how}.`;
    const source = 'a witness';
    const checkpoint = { source, note: note.note, size, root, head: null };
    await history.report([finding(kind, text, { source, seq: Math.min(size, head + 1), checkpoint })]);
    throw new CausewayError('audit-broken', `${text} Keep that file, and see the Verification screen.`, {
      reason: 'witness-contradicts',
    });
  }

  async #run<T>(task: () => Promise<T>): Promise<T> {
    try {
      return await this.#queue.run(task);
    } catch (error) {
      if (error instanceof BrokenTreeError) throw broken('tree-damaged', error.message, error);
      throw explainSqliteError(error, 'the audit store');
    }
  }

  #chainKeys(): VerifyingKey[] {
    return introducedKeys(this.#parts.rows)
      .map(readKey)
      .filter((key) => typeof key !== 'string');
  }

  #lastSeenBy(name: string | undefined): number {
    const witnesses = this.list();
    if (name === undefined) {
      if (witnesses.length > 1) {
        const names = witnesses.map(({ key }) => key.name).join(', ');
        throw new CausewayError('bad-input', `Say which witness the request is for: ${names}.`, {
          reason: 'witness-name',
        });
      }
      return witnesses[0]?.lastSize ?? 0;
    }
    const witness = witnesses.find(({ key }) => key.name === name);
    if (witness === undefined) throw new CausewayError('not-found', 'No witness of that name is trusted.');
    return witness.lastSize ?? 0;
  }

  /** The largest checkpoint a witness cosigned, by lines that hold. */
  #last(key: WitnessKey): Pick<Witness, 'lastSize' | 'lastAt'> {
    for (const row of this.#kept.ofWitness(key.name, key.keyId)) {
      const stored = this.#kept.checkpoint(row.size);
      const note = stored === undefined ? 'missing' : parseNote(stored.note + row.line);
      if (typeof note === 'string') continue;
      const line = note.signatures.at(-1);
      if (line === undefined || !verifyCosignature(note.text, line, key)) continue;
      return { lastSize: row.size, lastAt: timeOf(cosignatureSeconds(line)) };
    }
    return { lastSize: null, lastAt: null };
  }

  #cosignatures(note: Note, keys: readonly WitnessKey[]): Cosignature[] {
    return this.#kept.cosignatures(note.size).flatMap((row) => {
      const whole = parseNote(`${note.text}\n— ${row.name} AAAAAAA=\n${row.line}`);
      const line = typeof whole === 'string' ? undefined : whole.signatures[1];
      const at = line === undefined ? null : timeOf(cosignatureSeconds(line));
      if (line === undefined || at === null) return []; // no row of this program's
      const known = keys.filter((key) => isOf(line, key));
      const holds = known.some((key) => verifyCosignature(note.text, line, key));
      const state = known.length === 0 ? 'unknown-key' : holds ? 'verified' : 'wrong';
      return [{ witness: line.name, keyId: line.keyId.toString('hex'), at, state }];
    });
  }
}

const FORKED = ['forked', 'its records up to there are others'] as const;

/** For lists: what a break keeps from being told is left out, and told where the break is. */
function unlessBroken<T>(read: () => readonly T[]): readonly T[] {
  try {
    return read();
  } catch (error) {
    if (error instanceof CausewayError && error.code === 'audit-broken') return [];
    throw error;
  }
}

function timeOf(seconds: number | null): string | null {
  return seconds === null ? null : new Date(seconds * 1000).toISOString();
}

function noCosignature(name: string | null): CausewayError {
  const text =
    name === null
      ? 'There is no cosignature of a trusted witness in it. Nothing was added.'
      : `There is no cosignature of ${name} in it. Nothing was added.`;
  return new CausewayError('bad-input', text, { reason: 'witness-answer' });
}
