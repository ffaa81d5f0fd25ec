import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { closeSync, createReadStream, openSync, rmSync, writeSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { canonicalText } from '#main/audit/canonical.ts';
import { checkpointText, originOf } from '#main/audit/checkpoint.ts';
import { writeDisclosure, writeEnd, writeHeader } from '#main/audit/export-lines.ts';
import { hashRecord, sha256, signedText } from '#main/audit/hash.ts';
import { keyIdOf, noteKeyId } from '#main/audit/keys.ts';
import { recordLinePrefix } from '#main/audit/record-line.ts';
import { type Disclosure, sealValues } from '#main/audit/seal.ts';
import { Frontier, hashLeaf } from '#main/audit/tree.ts';
import { GENESIS_PREV, type KeyDescription } from '#shared/model/audit-record.ts';
import { numberOption } from './measure.ts';
import { sampleInputs } from './sample-records.ts';

/** Large chain files for measuring, signed for real, in constant memory; the same seed gives the same file. */
export interface ChainOptions {
  readonly records: number;
  readonly seed?: number;
  /** With the sealed values disclosed. */
  readonly disclose?: boolean;
}

const CHAIN = '0f9b2c1e-7a53-4d5e-9c1f-2f6f8a4b7d10';
const TENANT = 'demo';
const START = Date.parse('2026-01-01T00:00:00.000Z');
const BUFFER = 1024 * 1024;

/** Writes to a file in large pieces, and knows the digest of what it wrote. */
class Output {
  readonly digest = createHash('sha256');
  readonly #file: number;
  #parts: string[] = [];
  #held = 0;

  constructor(path: string) {
    this.#file = openSync(path, 'w', 0o600);
  }

  line(text: string): void {
    this.#parts.push(text, '\n');
    this.#held += text.length;
    if (this.#held >= BUFFER) this.flush();
  }

  flush(): void {
    this.bytes(Buffer.from(this.#parts.join(''), 'utf8'));
    this.#parts = [];
    this.#held = 0;
  }

  bytes(bytes: Buffer): void {
    this.digest.update(bytes);
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at);
  }

  close(): void {
    this.flush();
    closeSync(this.#file);
  }
}

function keyFromSeed(seed: number): { readonly privateKey: KeyObject; readonly description: KeyDescription } {
  const start = Buffer.from('302e020100300506032b657004220420', 'hex'); // PKCS #8 around the 32 bytes of an Ed25519 key
  const secret = sha256(Buffer.from(`bench key ${seed}`, 'utf8'));
  const privateKey = createPrivateKey({ key: Buffer.concat([start, secret]), format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return {
    privateKey,
    description: { id: keyIdOf(spki), alg: 'Ed25519', spki: spki.toString('base64'), fromSeq: 1 },
  };
}

export async function makeChain(path: string, { records, seed = 1, disclose = false }: ChainOptions): Promise<void> {
  const { privateKey, description } = keyFromSeed(seed);
  const output = new Output(path);
  const beside = disclose ? new Output(`${path}.disclosures`) : null;
  output.line(
    writeHeader({
      causeway: 'chain/1',
      chain: CHAIN,
      tenant: TENANT,
      first: 1,
      last: records,
      selection: 'complete',
      keys: [description],
      exportedAt: new Date(START + records * 1000).toISOString(),
      generator: { name: 'bench', version: '1' },
    }),
  );
  const tree = new Frontier();
  const inputs = sampleInputs(seed);
  let salts = 0;
  const random = {
    bytes: (count: number) => sha256(Buffer.from(`salt ${seed} ${salts++}`, 'utf8')).subarray(0, count),
    uuid: () => CHAIN,
  };
  let prev = GENESIS_PREV;
  for (let seq = 1; seq <= records; seq++) {
    const found: Disclosure[] = [];
    const members =
      seq === 1 ? firstRecord(description) : (sealValues(inputs.next().value, '', random, found) as object);
    const time = new Date(START + seq * 1000).toISOString();
    const text = canonicalText({
      ...members,
      v: 1,
      chain: CHAIN,
      tenant: TENANT,
      seq,
      time,
      key: description.id,
      prev,
    });
    const bytes = Buffer.from(text, 'utf8');
    const hash = hashRecord(bytes);
    output.line(`${recordLinePrefix(hash, sign(null, signedText(hash), privateKey))}${text}}`);
    tree.append(hashLeaf(bytes));
    prev = hash;
    for (const { path: place, disclosed } of found.sort((a, b) => (a.path < b.path ? -1 : 1))) {
      beside?.line(writeDisclosure(seq, place, disclosed));
    }
  }
  output.flush();
  if (beside !== null) {
    beside.close();
    for await (const piece of createReadStream(`${path}.disclosures`)) output.bytes(piece);
    rmSync(`${path}.disclosures`);
  }
  const text = checkpointText(CHAIN, records, tree.root());
  const own = Buffer.concat([
    noteKeyId(originOf(CHAIN), { alg: 'Ed25519', spki: Buffer.from(description.spki, 'base64') }),
    sign(null, Buffer.from(text, 'utf8'), privateKey),
  ]);
  const checkpoint = `${text}\n— ${originOf(CHAIN)} ${own.toString('base64')}\n`;
  output.line(writeEnd({ records, digest: output.digest.copy().digest('hex'), checkpoint }));
  output.close();
}

function firstRecord(key: KeyDescription): object {
  return {
    action: 'tenant.created',
    outcome: 'success',
    actor: { type: 'system', id: 'causeway' },
    target: { type: 'tenant', id: TENANT },
    data: { keys: [key], generator: { name: 'bench', version: '1' } },
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [path] = process.argv.slice(2);
  if (path === undefined || path.startsWith('--')) {
    process.stderr.write('usage: node test/bench/make-chain.ts FILE [--records N] [--seed N] [--disclose]\n');
    process.exitCode = 2;
  } else {
    const disclose = process.argv.includes('--disclose');
    await makeChain(path, { records: numberOption('--records', 200_000), seed: numberOption('--seed', 1), disclose });
  }
}
