import { z } from 'zod';
import { canonicalBytes, canonicalText, isCanonical, NotCanonicalError } from '#main/audit/canonical.ts';
import { hashRecord } from '#main/audit/hash.ts';
import { holdsProto } from '#main/audit/json-proto.ts';
import { readJson } from '#main/audit/json-read.ts';
import type { DocumentFormat } from '#main/audit/signed-document.ts';
import { CausewayError } from '#shared/errors.ts';
import { ChainId, KeyAlgorithm, KeyId, TenantSlug } from '#shared/model/audit-record.ts';
import { Digest } from '#shared/model/evidence.ts';

/** Named in what is signed, so that no signature over anything else passes for one over a bundle. */
export const BUNDLE_FORMAT = 'causeway-bundle/1' satisfies DocumentFormat;
export const MANIFEST_FILE = 'manifest.json';
export const MOST_FILES = 1000;
/** A manifest of the most files with the longest names is smaller. */
export const MOST_MANIFEST_BYTES = 2 * 1024 * 1024;
const LONGEST_PATH = 200;
const DEEPEST = 4;

const SEGMENT = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_-])?$/;
/** Device names of Windows, with any ending. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$/i;

/**
 * A name below the bundle's folder that means the same file everywhere: plain letters, no way up, no drive, no device, no
 * dot at the beginning or the end.
 */
export const BundlePath = z
  .string()
  .min(1)
  .max(LONGEST_PATH)
  .refine((path) => {
    const segments = path.split('/');
    return segments.length <= DEEPEST && segments.every((one) => SEGMENT.test(one) && !RESERVED.test(one));
  }, 'it is no plain name of a file in the folder');

export const BundleFileKind = z.enum(['readme', 'sums', 'chain', 'verifier', 'report', 'machine']);
export type BundleFileKind = z.infer<typeof BundleFileKind>;

export const BundleEntry = z.strictObject({
  file: BundlePath,
  kind: BundleFileKind,
  bytes: z.int().min(0),
  digest: Digest, // lowercase hex SHA-256
  what: z.string().min(1).max(200),
});
export type BundleEntry = z.infer<typeof BundleEntry>;

export const Manifest = z
  .strictObject({
    causeway: z.literal('bundle/1'),
    chain: ChainId,
    tenant: TenantSlug,
    madeAt: z.iso.datetime({ precision: 3 }),
    made: z.strictObject({ by: z.string().min(1).max(128), device: z.string().min(1).max(128) }),
    build: z.strictObject({ name: z.string().min(1).max(64), version: z.string().min(1).max(64) }),
    /** Which sealed values the chain file opens. */
    disclosed: z.enum(['none', 'reports', 'all']),
    files: z.array(BundleEntry).min(1).max(MOST_FILES),
  })
  .refine(({ files }) => areApart(files.map(({ file }) => file)), 'two files have one name')
  .refine(({ files }) => files.filter(({ kind }) => kind === 'chain').length === 1, 'it has one chain file');
export type Manifest = z.infer<typeof Manifest>;

export const SignedManifest = z.strictObject({
  manifest: Manifest,
  /** Lowercase hex SHA-256 of the manifest's canonical JSON. */
  digest: Digest,
  signature: z.strictObject({ key: KeyId, alg: KeyAlgorithm, value: z.string().max(128) }),
});
export type SignedManifest = z.infer<typeof SignedManifest>;

/** Also where letters are not told apart by their case, and a file is no folder of another one. */
function areApart(files: readonly string[]): boolean {
  const names = new Set(files.map((file) => file.toLowerCase()));
  if (names.size < files.length || names.has(MANIFEST_FILE)) return false;
  return [...names].every((name) => {
    const segments = name.split('/');
    return segments.slice(1).every((_, index) => !names.has(segments.slice(0, index + 1).join('/')));
  });
}

export function manifestDigest(manifest: Manifest): string {
  return hashRecord(canonicalBytes(manifest));
}

/** Canonical JSON (RFC 8785) and a line feed: its only form. */
export function writeManifest(signed: SignedManifest): Buffer {
  return Buffer.from(`${canonicalText(SignedManifest.parse(signed))}\n`, 'utf8');
}

/**
 * Reads the manifest of a folder somebody gave us. The signature is not checked here.
 * @throws CausewayError `bad-input` with reason `manifest`
 */
export function readManifest(bytes: Uint8Array): SignedManifest {
  if (bytes.length > MOST_MANIFEST_BYTES) throw malformed('it is too long');
  const reading = readJson(bytes);
  if (!reading.ok) throw malformed(`it is ${reading.reason}`);
  const { text, value } = reading;
  if (holdsProto(value) || !text.endsWith('\n') || !isOnlyForm(text.slice(0, -1), value)) {
    throw malformed('it is not written in the one form there is for it, or it was changed');
  }
  const parsed = SignedManifest.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw malformed(`what stands at /${issue?.path.map(String).join('/') ?? ''} does not fit`, parsed.error);
}

function isOnlyForm(text: string, value: unknown): boolean {
  try {
    return isCanonical(text, value);
  } catch (error) {
    if (error instanceof NotCanonicalError) return false;
    throw error;
  }
}

function malformed(why: string, cause?: unknown): CausewayError {
  const text = `This is no bundle made by Causeway: its ${MANIFEST_FILE} cannot be used, ${why}. Ask for the folder again.`;
  return new CausewayError('bad-input', text, { reason: 'manifest', cause });
}
