import { z } from 'zod';
import { ChainId, KeyDescription, TenantSlug } from '#shared/model/audit-record.ts';
import { canonicalText } from '../canonical.ts';
import { MAX_KEYS } from '../export-lines.ts';
import { decodeBase64, isObject, readJson } from '../json-read.ts';
import { Misfit } from '../schema-misfit.ts';

/** Chain format, section 5, "Extract": header and record lines; disclosures and end are those of every export. */
export const EXTRACT_START = '{"causeway":"extract/1"';

/** Longest audit path: one hash for each level of the tree. */
const MAX_PROOF = 64;

const WellFormed = z.string().refine((text) => text.isWellFormed(), 'a lone surrogate');
const GeneratorWord = WellFormed.min(1).max(64);
const Filter = z.record(z.string().regex(/^[A-Za-z]{1,32}$/), z.union([WellFormed.max(1024), z.int()]));
const MOST_FILTERS = 16;

export const ExtractHeader = z.strictObject({
  causeway: z.literal('extract/1'),
  chain: ChainId,
  tenant: TenantSlug,
  first: z.int().min(1),
  last: z.int().min(1),
  selection: z.literal('extract'),
  size: z.int().min(1),
  root: z.string().refine((text) => decodeBase64(text)?.length === 32, 'not the base64 of a hash'),
  filter: Filter,
  keys: z.array(KeyDescription).min(1).max(MAX_KEYS),
  exportedAt: z.iso.datetime({ precision: 3 }),
  generator: z.strictObject({ name: GeneratorWord, version: GeneratorWord }),
});
export type ExtractHeader = z.infer<typeof ExtractHeader>;

export function writeExtractHeader(header: ExtractHeader): string {
  const { causeway, chain, tenant, first, last, selection, size, root, filter, keys, exportedAt, generator } = header;
  const list = keys.map(({ id, alg, spki, fromSeq }) => JSON.stringify({ id, alg, spki, fromSeq }));
  const before = JSON.stringify({ causeway, chain, tenant, first, last, selection, size, root }).slice(0, -1);
  const after = JSON.stringify({ exportedAt, generator: { name: generator.name, version: generator.version } }).slice(
    1,
  );
  return `${before},"filter":${canonicalText(filter)},"keys":[${list.join(',')}],${after}`;
}

/** The header of an extract, or the reason why it is none. Attacker-controlled. */
export function readExtractHeader(line: Buffer): ExtractHeader | string {
  const reading = readJson(line);
  if (!reading.ok) return reading.reason;
  if (isObject(reading.value) && Array.isArray(reading.value.keys) && reading.value.keys.length > MAX_KEYS) {
    return `not a header: more than ${MAX_KEYS} keys`; // before each of them is looked at
  }
  const misfit = new Misfit();
  misfit.check(ExtractHeader, reading.value);
  const filter = isObject(reading.value) ? reading.value.filter : undefined;
  if (isObject(filter) && Object.keys(filter).length > MOST_FILTERS) misfit.at('/filter');
  const parsed = ExtractHeader.safeParse(reading.value);
  if (misfit.least !== null || !parsed.success) return `not a header: ${misfit.least ?? ''} does not fit`;
  return writeExtractHeader(parsed.data) === reading.text ? parsed.data : 'the header is not written in its only form';
}

const RECORD_START = '{"hash":"';
const RECORD_SIG = '","sig":"';
const RECORD_PROOF = '","proof":[';
const RECORD_BODY = '],"record":';
const SIG_AT = RECORD_START.length + 64;

/** The record line up to the record's bytes; they and a closing brace follow. */
export function extractRecordPrefix(hash: string, sig: Uint8Array, proof: readonly Buffer[]): string {
  const path = proof.map((node) => `"${node.toString('base64')}"`).join(',');
  return `${RECORD_START}${hash}${RECORD_SIG}${Buffer.from(sig).toString('base64')}${RECORD_PROOF}${path}${RECORD_BODY}`;
}

export interface ExtractRecordLine {
  readonly hash: string;
  readonly sig: string;
  readonly proof: readonly Buffer[];
  readonly bytes: Buffer;
}

/** Cuts a record line at its fixed places, without parsing the record. null when the line has another shape. */
export function readExtractRecord(line: Buffer): ExtractRecordLine | null {
  if (!hasAt(line, 0, RECORD_START) || !hasAt(line, SIG_AT, RECORD_SIG)) return null;
  const sigStart = SIG_AT + RECORD_SIG.length;
  const sigEnd = line.indexOf(0x22, sigStart);
  if (sigEnd < 0 || !hasAt(line, sigEnd, RECORD_PROOF) || line[line.length - 1] !== 0x7d) return null;
  const proofStart = sigEnd + RECORD_PROOF.length;
  const proofEnd = line.indexOf(0x5d, proofStart);
  if (proofEnd < 0 || !hasAt(line, proofEnd, RECORD_BODY)) return null;
  const hash = line.toString('latin1', RECORD_START.length, SIG_AT);
  const sig = line.toString('latin1', sigStart, sigEnd);
  if (!/^[0-9a-f]{64}$/.test(hash) || !/^[A-Za-z0-9+/]*={0,2}$/.test(sig)) return null;
  const proof = readProof(line, proofStart, proofEnd);
  return proof === null
    ? null
    : { hash, sig, proof, bytes: line.subarray(proofEnd + RECORD_BODY.length, line.length - 1) };
}

/** Length of one hash as a JSON string, its comma included. */
const STEP = 47;

function readProof(line: Buffer, start: number, end: number): Buffer[] | null {
  if (start === end) return [];
  if ((end - start + 1) % STEP !== 0 || (end - start + 1) / STEP > MAX_PROOF) return null;
  const proof: Buffer[] = [];
  for (const quoted of line.toString('latin1', start, end).split(',')) {
    const node =
      quoted.length === STEP - 1 && /^"[A-Za-z0-9+/]{43}="$/.test(quoted) ? decodeBase64(quoted.slice(1, -1)) : null;
    if (node === null) return null;
    proof.push(node);
  }
  return proof;
}

function hasAt(line: Buffer, at: number, text: string): boolean {
  return line.toString('latin1', at, at + text.length) === text;
}
