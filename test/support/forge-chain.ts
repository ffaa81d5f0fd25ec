import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { canonicalText } from '#main/audit/canonical.ts';
import { checkpointText, originOf } from '#main/audit/checkpoint.ts';
import { keyIdOf, noteKeyId } from '#main/audit/keys.ts';
import { sealDigest } from '#main/audit/seal.ts';
import { Frontier, hashLeaf } from '#main/audit/tree.ts';

/** Makes chain files the way an attacker with tools would: every part can be wrong on purpose, the rest fits it. */
export interface ForgedKey {
  readonly id: string;
  readonly alg: 'Ed25519' | 'ES256';
  readonly spki: Buffer;
  readonly privateKey: KeyObject;
}

export type Loose = Record<string, unknown>;

export const CHAIN = '7c6cf5b4-0f4c-4e36-9a4b-3f4a2e1d5c6b';
const TIME = Date.parse('2026-02-03T04:05:06.789Z');

export function newKey(alg: ForgedKey['alg'] = 'Ed25519'): ForgedKey {
  const pair =
    alg === 'Ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const privateKey = createPrivateKey(pair.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  return { id: keyIdOf(spki), alg, spki, privateKey };
}

export function describeForged(key: ForgedKey, fromSeq: number): Loose {
  return { id: key.id, alg: key.alg, spki: key.spki.toString('base64'), fromSeq };
}

export function signRecord(key: ForgedKey, hash: string): Buffer {
  const text = Buffer.from(`causeway/record/v1\n${hash}\n`);
  if (key.alg === 'Ed25519') return sign(null, text, key.privateKey);
  return sign('sha256', text, { key: key.privateKey, dsaEncoding: 'ieee-p1363' });
}

export function note(chain: string, size: number, root: Buffer, key: ForgedKey): string {
  const text = checkpointText(chain, size, root);
  const bytes = Buffer.from(text);
  const signature =
    key.alg === 'Ed25519'
      ? sign(null, bytes, key.privateKey)
      : sign('sha256', bytes, { key: key.privateKey, dsaEncoding: 'der' });
  const blob = Buffer.concat([noteKeyId(originOf(chain), key), signature]).toString('base64');
  return `${text}\n— ${originOf(chain)} ${blob}\n`;
}

export interface ForgedRecord {
  record: Loose;
  /** Signs this record instead of the key named in it. */
  key?: ForgedKey;
  /** Stands in the line instead of the true ones. */
  hash?: string;
  sig?: string;
  /** The record's bytes instead of its canonical form; hashed and signed as they are. */
  text?: string;
}

export class ForgedChain {
  readonly keys: ForgedKey[];
  records: ForgedRecord[];
  disclosures: Loose[] = [];
  header: Loose = {};
  end: Loose = {};
  /** Which key signs the checkpoint; the last one unless told otherwise. */
  noteKey: ForgedKey;
  /** Set prev of each record to the hash of the one before, when building. */
  relink = true;

  constructor(count: number, key = newKey()) {
    this.keys = [key];
    this.noteKey = key;
    const created = { keys: [describeForged(key, 1)], generator: { name: 'forge', version: '1' } };
    this.records = [{ record: this.blank(1, 'tenant.created', created) }];
    for (let seq = 2; seq <= count; seq++)
      this.add('tenant.user_role_changed', { user: `u${seq}`, old: 'a', new: 'b' });
  }

  get key(): ForgedKey {
    const [key] = this.keys;
    if (key === undefined) throw new Error('no key');
    return key;
  }

  blank(seq: number, action: string, data: Loose, key = this.noteKey): Loose {
    return {
      v: 1,
      chain: CHAIN,
      tenant: 'acme',
      seq,
      time: new Date(TIME + seq * 1000).toISOString(),
      action,
      outcome: 'success',
      actor: { type: 'system', id: 'causeway' },
      target: { type: 'thing', id: 't' },
      data,
      key: key.id,
      prev: '0'.repeat(64),
    };
  }

  add(action: string, data: Loose): ForgedRecord {
    const forged = { record: this.blank(this.records.length + 1, action, data) };
    this.records.push(forged);
    return forged;
  }

  addSealed(salt: string, value: string): void {
    this.add('incident.note_added', { note: { sealed: sealDigest([salt, value]) } });
  }

  /** Adds a rotation; later records are signed with the new key. */
  rotate(key: ForgedKey): void {
    const seq = this.records.length + 1;
    const data = {
      purpose: 'signing',
      oldKey: this.noteKey.id,
      newKey: describeForged(key, seq + 1),
      reason: 'schedule',
    };
    this.add('credential.key_rotated', data);
    this.keys.push(key);
    this.noteKey = key;
  }

  /** The tree over the records as they stand. */
  tree(size = this.records.length): Frontier {
    this.lines();
    const tree = new Frontier();
    for (const { record, text } of this.records.slice(0, size)) {
      tree.append(hashLeaf(Buffer.from(text ?? canonicalText(record))));
    }
    return tree;
  }

  note(size = this.records.length): string {
    return note(CHAIN, size, this.tree(size).root(), this.noteKey);
  }

  lines(): string[] {
    let prev = '0'.repeat(64);
    return this.records.map((forged) => {
      const { record } = forged;
      if (this.relink) record.prev = prev;
      const text = forged.text ?? canonicalText(record);
      const hash = createHash('sha256').update(text).digest('hex');
      prev = hash;
      const named = this.keys.find((key) => key.id === record.key) ?? this.noteKey;
      const sig = forged.sig ?? signRecord(forged.key ?? named, hash).toString('base64');
      return `{"hash":"${forged.hash ?? hash}","sig":"${sig}","record":${text}}`;
    });
  }

  text(): string {
    const lines = this.lines();
    const seqs = this.keys.map((key, index) =>
      index === 0
        ? 1
        : Number(this.records.find(({ record }) => JSON.stringify(record.data).includes(key.id))?.record.seq) + 1,
    );
    const header = {
      causeway: 'chain/1',
      chain: CHAIN,
      tenant: 'acme',
      first: 1,
      last: this.records.length,
      selection: 'complete',
      keys: this.keys.map((key, index) => describeForged(key, seqs[index] ?? 1)),
      exportedAt: '2026-02-03T05:00:00.000Z',
      generator: { name: 'forge', version: '1' },
      ...this.header,
    };
    const disclosures = this.disclosures.map((disclosure) => JSON.stringify({ disclosure }));
    const body = `${[JSON.stringify(header), ...lines, ...disclosures].join('\n')}\n`;
    const digest = createHash('sha256').update(body).digest('hex');
    const end = { records: this.records.length, digest, checkpoint: this.note(), ...this.end };
    return `${body}${JSON.stringify({ end })}\n`;
  }

  write(path: string): string {
    writeFileSync(path, this.text());
    return path;
  }
}
