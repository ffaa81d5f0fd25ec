import type { Clock } from '#main/platform/clock.ts';
import type { Random } from '#main/platform/random.ts';
import type { SecretStore } from '#main/platform/secret-store.ts';
import { explainSqliteError } from '#main/platform/sqlite-errors.ts';
import { CausewayError } from '#shared/errors.ts';
import type { AppendInput } from '../append-input.ts';
import { noteSigner } from '../checkpoint.ts';
import { keysForCheckpoint } from '../end-checks.ts';
import type { History } from '../history/history.ts';
import { recordableTime } from '../recordable-time.ts';
import { witnessKeyName } from '../secret-names.ts';
import { SerialQueue } from '../serial-queue.ts';
import { createEd25519Key, ed25519Signer, type Signer } from '../signer.ts';
import type { RecordRow, SqliteRows } from '../sqlite-rows.ts';
import type { StoredRecord } from '../store.ts';
import { unlessRecordDamaged } from '../stored-record.ts';
import { verifyConsistency } from '../tree-proof.ts';
import { cosignatureLine, cosignatureMessage } from './cosignature.ts';
import { writeAnswer } from './cosignature-file.ts';
import { type ProvenKeys, proveKeys } from './key-evidence.ts';
import { readRequest, type WitnessRequest } from './request.ts';
import { SEEN_SETTING, seenValue } from './seen-on-record.ts';
import { type WitnessKey, witnessKey } from './vkey.ts';
import { type Seen, WitnessMemory } from './witness-memory.ts';

export type By = Pick<AppendInput<'tenant.configuration_changed'>, 'actor' | 'onBehalfOf' | 'device'>;

/** What a person has to compare with what the chain's owner says another way, before it is cosigned the first time. */
export interface ChainToTrust {
  readonly chain: string;
  readonly tenant: string;
  /** Id of the key the chain began with. */
  readonly keyId: string;
  readonly size: number;
}

export type Cosigning =
  | { readonly needsTrust: ChainToTrust }
  | {
      readonly needsTrust: null;
      readonly chain: string;
      readonly size: number;
      readonly root: string;
      readonly vkey: string;
      /** What goes back to the one who asked. */
      readonly answer: string;
    };

export interface CosignerParts {
  /** This console's own chain. */
  readonly chain: string;
  readonly rows: Pick<SqliteRows, 'db' | 'byAction'>;
  readonly history: Pick<History, 'requireWritable'>;
  /** The record of this hash, only if it holds. */
  readonly getVerified: (hash: string) => StoredRecord | null;
  readonly secrets: SecretStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly append: (input: AppendInput<'tenant.configuration_changed'>) => Promise<unknown>;
}

/**
 * This console as a witness of other chains (C2SP tlog-witness, by file): it signs a checkpoint only when that extends
 * what it saw last, never two roots for one size, and remembers before it answers.
 */
export class Cosigner {
  readonly #parts: CosignerParts;
  readonly #memory: WitnessMemory;
  readonly #queue = new SerialQueue();

  constructor(parts: CosignerParts) {
    this.#parts = parts;
    const read = ({ hash }: RecordRow) =>
      unlessRecordDamaged(() => parts.getVerified(hash.toString('hex')))?.record ?? undefined;
    this.#memory = new WitnessMemory(parts.chain, parts.rows, parts.secrets, read);
  }

  /** The public key others know this console by as a witness; made at first use. */
  key(): Promise<WitnessKey> {
    return this.#run(async () => (await this.#ownKey()).key);
  }

  /**
   * `trust`: id of the key the chain began with, once a person has compared it; asked for at first sight.
   * @throws CausewayError `bad-input` (`witness-request`, `witness-own-chain`), `denied` (`witness-key`,
   * `witness-signature`), `conflict` (`witness-old-size`, `witness-smaller`), `audit-broken` (`witness-fork`: what is
   * asked contradicts what was seen; `witness-memory`), and as `append`
   */
  cosign(text: string, trust: string | undefined, by: By): Promise<Cosigning> {
    return this.#run(async () => this.#cosign(readRequest(text), trust, by));
  }

  /**
   * Whether a person has to trust that chain first; null when not. Signs and remembers nothing.
   * @throws CausewayError as `cosign`
   */
  look(text: string): Promise<ChainToTrust | null> {
    return this.#run(async () => {
      const request = readRequest(text);
      const { keys, seen } = await this.#check(request);
      if (seen !== null) return null;
      const { chain, size } = request.note;
      return { chain, tenant: request.tenant, keyId: keys.first.id, size };
    });
  }

  async #run<T>(task: () => Promise<T>): Promise<T> {
    try {
      return await this.#queue.run(task);
    } catch (error) {
      throw explainSqliteError(error, 'the audit store');
    }
  }

  async #check(request: WitnessRequest): Promise<{ readonly keys: ProvenKeys; readonly seen: Seen | null }> {
    const { note, tenant } = request;
    const { chain, size, root } = note;
    if (chain === this.#parts.chain) throw ownChain();
    if (size === 0 || request.old > size) {
      throw new CausewayError('bad-input', 'The request asks for less than it says was seen. It was not cosigned.', {
        reason: 'witness-request',
      });
    }
    const keys = proveKeys(request.keys, { chain, tenant, size, root: Buffer.from(root, 'base64') });
    const signer = noteSigner(note, keysForCheckpoint(keys.ring, size));
    if (typeof signer === 'string') throw wrongSignature(signer);
    const seen = await this.#memory.recall(chain);
    if (seen !== null) checkKeysSeen(seen, keys);
    checkExtension(seen, request);
    return { keys, seen };
  }

  async #cosign(request: WitnessRequest, trust: string | undefined, by: By): Promise<Cosigning> {
    const { keys, seen } = await this.#check(request);
    const { note, tenant } = request;
    const { chain, size, root } = note;
    if (seen === null) {
      if (trust === undefined) return { needsTrust: { chain, tenant, keyId: keys.first.id, size } };
      if (trust !== keys.first.id) throw otherKey(keys.first.id);
    }
    this.#parts.history.requireWritable();
    const own = await this.#ownKey();
    const seconds = Math.floor(Date.parse(recordableTime(this.#parts.clock)) / 1000);
    const now = { chain, size, root, keys: [...keys.keys], seconds };
    // on record first: what fails here has left nothing behind, and the same request can be made again
    await this.#record(seen, now, keys, by);
    if (seen === null || size > seen.size) await this.#memory.remember(now);
    const line = cosignatureLine(own.key, seconds, await own.signer.sign(cosignatureMessage(note.text, seconds)));
    const { vkey } = own.key;
    return { needsTrust: null, chain, size, root, vkey, answer: writeAnswer(vkey, note.note + line) };
  }

  async #record(seen: Seen | null, now: Seen, keys: ProvenKeys, by: By): Promise<void> {
    await this.#parts.append({
      ...by,
      action: 'tenant.configuration_changed',
      outcome: 'success',
      target: { type: 'chain', id: now.chain },
      data: {
        setting: SEEN_SETTING,
        old: seen === null ? null : `${seen.size} ${seen.root}`,
        new: seenValue(now.size, now.root, keys.first.id),
      },
    });
  }

  async #ownKey(): Promise<{ readonly key: WitnessKey; readonly signer: Signer }> {
    const { chain, secrets, random } = this.#parts;
    const name = witnessKeyName(chain);
    let pkcs8 = await secrets.get(name);
    if (pkcs8 === null) {
      pkcs8 = createEd25519Key(random);
      await secrets.set(name, pkcs8);
    }
    const signer = ed25519Signer(pkcs8, secrets.description);
    const raw = signer.spki.subarray(-32); // the last 32 bytes of an Ed25519 SPKI are the key itself
    return { key: witnessKey(`causeway-witness/${chain}`, raw), signer };
  }
}

/** The keys seen before come first and unchanged; none was introduced among the records seen before without being shown. */
function checkKeysSeen(seen: Seen, { keys }: ProvenKeys): void {
  const same = seen.keys.every(({ id, fromSeq }, index) => keys[index]?.id === id && keys[index]?.fromSeq === fromSeq);
  // a key is in force from the record after its rotation
  if (same && keys.slice(seen.keys.length).every(({ fromSeq }) => fromSeq - 1 > seen.size)) return;
  throw fork(seen, 'the keys of its first records are not those it had then');
}

function checkExtension(seen: Seen | null, { old, proof, note }: WitnessRequest): void {
  const { size } = note;
  const last = seen?.size ?? 0;
  if (seen !== null && size === seen.size && note.root !== seen.root) {
    throw fork(seen, `its checkpoint of ${size} records has another root`);
  }
  if (size < last) {
    const text = `This console saw ${last} records of that chain, and is asked to sign for ${size}: the request is an old one, or the chain was cut. It was not cosigned.`;
    throw new CausewayError('conflict', text, { reason: 'witness-smaller' });
  }
  if (old !== last) {
    const text =
      last === 0
        ? 'This console has not seen that chain yet. Ask it from the beginning (--from 0).'
        : `This console last saw ${last} records of that chain. Ask it from there (--from ${last}).`;
    throw new CausewayError('conflict', text, { reason: 'witness-old-size' });
  }
  if (seen === null) {
    if (proof.length > 0) throw unproven();
    return;
  }
  const [before, now] = [seen.root, note.root].map((root) => Buffer.from(root, 'base64'));
  if (before === undefined || now === undefined || !verifyConsistency(old, size, before, now, proof)) throw unproven();
}

function ownChain(): CausewayError {
  const text = 'This is the request of this very console. Give it to another one: nobody is his own witness.';
  return new CausewayError('bad-input', text, { reason: 'witness-own-chain' });
}

function wrongSignature(what: string): CausewayError {
  const text = `The checkpoint is not signed by that chain's key: ${what}. It was not cosigned.`;
  return new CausewayError('denied', text, { reason: 'witness-signature' });
}

function otherKey(found: string): CausewayError {
  const text = `That chain began with key ${found}, not with the one you trust. It was not cosigned.`;
  return new CausewayError('denied', text, { reason: 'witness-key' });
}

function unproven(): CausewayError {
  const text = 'The proof does not show that the checkpoint extends what this console saw before. It was not cosigned.';
  return new CausewayError('denied', text, { reason: 'witness-proof' });
}

function fork({ size }: Seen, what: string): CausewayError {
  const text = `That chain is not the one this console saw ${size} records of: ${what}. It was not cosigned. Keep the request: it shows that the chain was forked.`;
  return new CausewayError('audit-broken', text, { reason: 'witness-fork' });
}
