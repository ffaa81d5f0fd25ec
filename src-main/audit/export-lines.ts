import { z } from 'zod';
import { ChainId, KeyDescription, TenantSlug } from '#shared/model/audit-record.ts';
import { canonicalText } from './canonical.ts';
import { holdsProto } from './json-proto.ts';
import { decodeBase64, isObject, readJson } from './json-read.ts';
import { findMisfit } from './schema-misfit.ts';
import type { Disclosed } from './seal.ts';

/** Chain format, section 5: the four kinds of line, how they are written and how they are read. */
export const MAX_LINE = 4 * 1024 * 1024;

/** Keys a header may list; each takes a rotation. Bounds the work a file can ask for before its first record. */
export const MAX_KEYS = 10_000;

const Hash64 = z.string().refine((text) => decodeBase64(text)?.length === 32, 'not the base64 of a hash');
/** JSON can write half a surrogate pair as an escape; no text of this format is like that. */
const WellFormed = z.string().refine((text) => text.isWellFormed(), 'a lone surrogate');
const GeneratorWord = WellFormed.min(1).max(64);
const RangeProof = z.strictObject({
  size: z.int().min(1),
  left: z.array(Hash64).max(64),
  right: z.array(Hash64).max(64),
});

export const ExportHeader = z.strictObject({
  causeway: z.literal('chain/1'),
  chain: ChainId,
  tenant: TenantSlug,
  first: z.int().min(1),
  last: z.int().min(1),
  selection: z.enum(['complete', 'range']),
  keys: z.array(KeyDescription).min(1).max(MAX_KEYS),
  exportedAt: z.iso.datetime({ precision: 3 }),
  generator: z.strictObject({ name: GeneratorWord, version: GeneratorWord }),
  range: RangeProof.optional(),
});
export type ExportHeader = z.infer<typeof ExportHeader>;

/** 16 bytes as base64url without padding, in the only form: 22 characters, of which the last one has four zero bits. */
const Salt = z.string().regex(/^[A-Za-z0-9_-]{21}[AQgw]$/);
const DisclosureLine = z.strictObject({
  disclosure: z.strictObject({
    seq: z.int().min(1),
    path: WellFormed.min(1).max(1024),
    value: z.tuple([Salt, z.unknown()]), // parsed JSON already, its depth bounded
  }),
});
export interface DisclosureLine {
  readonly seq: number;
  readonly path: string;
  readonly value: Disclosed;
}

const EndLine = z.strictObject({
  end: z.strictObject({
    records: z.int().min(0),
    digest: z.string().regex(/^[0-9a-f]{64}$/),
    checkpoint: WellFormed.max(65_536),
  }),
});
export type EndLine = z.infer<typeof EndLine>['end'];

export function writeHeader(header: ExportHeader): string {
  const { causeway, chain, tenant, first, last, selection, keys, exportedAt, generator, range } = header;
  return JSON.stringify({
    causeway,
    chain,
    tenant,
    first,
    last,
    selection,
    keys: keys.map(({ id, alg, spki, fromSeq }) => ({ id, alg, spki, fromSeq })),
    exportedAt,
    generator: { name: generator.name, version: generator.version },
    ...(range === undefined ? {} : { range: { size: range.size, left: range.left, right: range.right } }),
  });
}

export function writeDisclosure(seq: number, path: string, disclosed: Disclosed): string {
  const value = canonicalText(disclosed, { integersOnly: false });
  return `{"disclosure":{"seq":${seq},"path":${JSON.stringify(path)},"value":${value}}}`;
}

export function writeEnd({ records, digest, checkpoint }: EndLine): string {
  return JSON.stringify({ end: { records, digest, checkpoint } });
}

export function readHeader(line: Buffer): ExportHeader | string {
  const reading = readJson(line);
  if (!reading.ok) return reading.reason;
  if (isObject(reading.value) && reading.value.causeway === 'extract/1') return 'an extract is not a chain file';
  if (isObject(reading.value) && Array.isArray(reading.value.keys) && reading.value.keys.length > MAX_KEYS) {
    return `not a header: more than ${MAX_KEYS} keys`; // before each of them is looked at
  }
  const parsed = ExportHeader.safeParse(reading.value);
  if (!parsed.success) return `not a header: ${findMisfit(ExportHeader, reading.value) ?? ''} does not fit`;
  if ((parsed.data.selection === 'range') !== (parsed.data.range !== undefined)) return 'range and selection disagree';
  return writeHeader(parsed.data) === reading.text ? parsed.data : 'the header is not written in its only form';
}

export function readDisclosure(line: Buffer): DisclosureLine | string {
  const reading = readJson(line);
  if (!reading.ok) return reading.reason;
  const parsed = DisclosureLine.safeParse(reading.value);
  if (!parsed.success) return `not a disclosure: ${findMisfit(DisclosureLine, reading.value) ?? ''} does not fit`;
  const { seq, path, value } = parsed.data.disclosure;
  if (reading.text.includes('__proto__') && holdsProto(value)) return 'a member of the value is called __proto__';
  const disclosed = value as Disclosed; // what JSON.parse gives is a JSON value
  try {
    if (writeDisclosure(seq, path, disclosed) === reading.text) return { seq, path, value: disclosed };
  } catch {
    // a value without canonical form, such as a lone surrogate, is answered like any other form but the only one
  }
  return 'the disclosure is not written in its only form';
}

export function readEnd(line: Buffer): EndLine | string {
  const reading = readJson(line);
  if (!reading.ok) return reading.reason;
  const parsed = EndLine.safeParse(reading.value);
  if (!parsed.success) return `not an end line: ${findMisfit(EndLine, reading.value) ?? ''} does not fit`;
  return writeEnd(parsed.data.end) === reading.text ? parsed.data.end : 'the end line is not written in its only form';
}

/** Where a value breaks its schema, in a few words. */
export function summarize(error: z.ZodError): string {
  const [issue] = error.issues;
  if (issue === undefined) return 'of another shape';
  const more = error.issues.length > 1 ? ` (and ${error.issues.length - 1} more)` : '';
  return `/${issue.path.map(String).join('/')}: ${issue.message}`.slice(0, 300) + more;
}
