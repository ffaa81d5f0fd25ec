import { type Bytes, hashOf, jcs, type Loose, toBuffer, utf8 } from './bytes.ts';
import { ed25519Key, es256Key, sha256, type VectorKey } from './crypto.ts';
import { leafOf, rootOf } from './tree.ts';

export const CHAIN = '3f1d0b52-6d0e-4c8a-9b7e-2a51c4d80e61';
export const OTHER_CHAIN = '3f1d0b52-6d0e-4c8a-9b7e-2a51c4d80e62';
export const TENANT = 'example';
export const GENESIS = '0'.repeat(64);
const START = Date.parse('2026-01-02T03:04:05.678Z');

export const FIRST = ed25519Key('first key');
export const SECOND = es256Key('second key');
export const THIRD = ed25519Key('third key');
/** Of somebody who is not the chain's writer. */
export const FOREIGN = ed25519Key('foreign key');
export const FOREIGN_ES256 = es256Key('foreign key');

export const saltOf = (name: string): string => sha256(Buffer.from(name)).subarray(0, 16).toString('base64url');

/** The sealed form of a value without fractions; `text` is the JCS form of one that has some. */
export function seal(salt: string, value: unknown, text = jcs([salt, value])): Loose {
  return { sealed: sha256(Buffer.from(text, 'utf8')).toString('base64url') };
}

export function describe(key: VectorKey, fromSeq: number): Loose {
  return { id: key.id, alg: key.alg, spki: key.spki.toString('base64'), fromSeq };
}

export function signRecord(key: VectorKey, hash: string): Buffer {
  return key.sign(Buffer.from(`causeway/record/v1\n${hash}\n`));
}

export const timeOf = (seq: number): string => new Date(START + seq * 1000).toISOString();

export function noteText(size: number | string, root: Buffer, chain = CHAIN): string {
  return `causeway/${chain}\n${size}\n${root.toString('base64')}\n`;
}

export function noteKeyId(key: VectorKey, name: string): Buffer {
  if (key.alg === 'ES256') return sha256(key.spki).subarray(0, 4);
  return sha256(Buffer.concat([Buffer.from(`${name}\n\x01`), key.spki.subarray(-32)])).subarray(0, 4);
}

/** A signed note over that text, which is signed as it is. */
export function signNote(key: VectorKey, text: string, name = `causeway/${CHAIN}`): string {
  const blob = Buffer.concat([noteKeyId(key, name), key.signNote(Buffer.from(text, 'utf8'))]);
  return `${text}\n— ${name} ${blob.toString('base64')}\n`;
}

/** A record, which can be wrong on purpose in every part; what comes after it fits it. */
export interface VectorRecord {
  readonly members: Loose;
  /** Signs instead of the key that is named. */
  signer?: VectorKey;
  /** Other bytes than the canonical ones; they are hashed and signed. */
  rewrite?: (text: Bytes) => Bytes;
  /** Stands in the line instead of the true one. */
  hash?: (hash: string) => string;
  sig?: (sig: Buffer) => string;
  /** Stands in the record instead of the hash of the one before. */
  prev?: string;
}

export interface Disclosed {
  readonly seq: number;
  readonly path: string;
  readonly value: readonly [string, unknown];
}

export interface BuiltRecord {
  readonly hash: string;
  readonly sig: string;
  readonly bytes: Bytes;
}

export class VectorChain {
  readonly keys: { readonly key: VectorKey; readonly fromSeq: number }[];
  records: VectorRecord[] = [];
  disclosures: Disclosed[] = [];
  /** Signs the records that are added, and the checkpoint. */
  signer: VectorKey;
  readonly id: string = CHAIN;

  constructor(...first: readonly VectorKey[]) {
    const [signer = FIRST] = first;
    this.signer = signer;
    this.keys = (first.length === 0 ? [signer] : first).map((key) => ({ key, fromSeq: 1 }));
    const keys = this.keys.map(({ key }) => describe(key, 1));
    this.add('tenant.created', { keys, generator: { name: 'vectors', version: '1' } });
  }

  add(action: string, data: Loose, members: Loose = {}): VectorRecord {
    const seq = this.records.length + 1;
    const record = {
      members: {
        v: 1,
        chain: CHAIN,
        tenant: TENANT,
        seq,
        time: timeOf(seq),
        action,
        outcome: 'success',
        actor: { type: 'system', id: 'writer' },
        target: { type: 'thing', id: `t${seq}` },
        data,
        key: this.signer.id,
        ...members,
      },
    };
    this.records.push(record);
    return record;
  }

  /** Records without anything special, up to that many in all. */
  fill(count: number): this {
    while (this.records.length < count) {
      this.add('tenant.user_role_changed', { user: `u${this.records.length + 1}`, old: 'reader', new: 'responder' });
    }
    return this;
  }

  addSealed(value: unknown): VectorRecord {
    return this.add('incident.note_added', { note: seal(saltOf(JSON.stringify(value)), value) });
  }

  disclose(seq: number, path: string, value: unknown): void {
    this.disclosures.push({ seq, path, value: [saltOf(JSON.stringify(value)), value] });
  }

  rotate(key: VectorKey): VectorRecord {
    const fromSeq = this.records.length + 2;
    const data = { purpose: 'signing', oldKey: this.signer.id, newKey: describe(key, fromSeq), reason: 'schedule' };
    const record = this.add('credential.key_rotated', data);
    this.keys.push({ key, fromSeq });
    this.signer = key;
    return record;
  }

  record(seq: number): VectorRecord {
    const record = this.records[seq - 1];
    if (record === undefined) throw new Error(`no record ${seq}`);
    return record;
  }

  members(seq: number): Loose {
    return this.record(seq).members;
  }

  data(seq: number): Loose {
    return this.members(seq).data as Loose;
  }

  build(): BuiltRecord[] {
    let before = GENESIS;
    return this.records.map((record) => {
      const { members, signer, rewrite, prev } = record;
      const text = utf8(jcs({ prev: prev ?? before, ...members }));
      const bytes = rewrite === undefined ? text : rewrite(text);
      const hash = hashOf(bytes);
      before = hash;
      const key = signer ?? this.keys.find((known) => known.key.id === members.key)?.key ?? this.signer;
      const sig = signRecord(key, hash);
      return { hash: record.hash?.(hash) ?? hash, sig: record.sig?.(sig) ?? sig.toString('base64'), bytes };
    });
  }

  leaves(): Buffer[] {
    return this.build().map(({ bytes }) => leafOf(toBuffer(bytes)));
  }

  root(size = this.records.length): Buffer {
    return rootOf(this.leaves().slice(0, size));
  }

  note(size = this.records.length, key = this.signer): string {
    return signNote(key, noteText(size, this.root(size)));
  }
}

/** Three sealed values, one disclosed, one erased, one withheld; a rotation from Ed25519 to ES256. Nine records. */
export function sampleChain(): VectorChain {
  const chain = new VectorChain().fill(3);
  for (const value of ['one', 'two', 'three']) chain.addSealed(value);
  chain.rotate(SECOND);
  const erased = [{ seq: 5, path: '/data/note' }];
  chain.add('tenant.erasure_completed', { request: 'r1', certificate: 'a'.repeat(64), erased });
  chain.fill(9);
  chain.disclose(4, '/data/note', 'one');
  return chain;
}

export const plainChain = (count = 6): VectorChain => new VectorChain().fill(count);
