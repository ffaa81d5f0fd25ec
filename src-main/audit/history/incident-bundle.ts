import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readSmallFile, writeFileAtomically } from '#main/platform/atomic-file.ts';
import type { Random } from '#main/platform/random.ts';
import { explainSqliteError } from '#main/platform/sqlite-errors.ts';
import { BreakKind } from '#shared/ipc/verification-views.ts';
import { KeyAlgorithm, KeyId } from '#shared/model/audit-record.ts';
import { Digest } from '#shared/model/evidence.ts';
import { Problem } from '#shared/model/verdict.ts';
import { canonicalBytes } from '../canonical.ts';
import { hashRecord } from '../hash.ts';
import { readKey, verifySignature } from '../keys.ts';
import type { Signer } from '../signer.ts';

/** Where a tenant's incident bundles are, beside its database. */
export const INCIDENTS_FOLDER = 'incidents';
/** Longest bundle read: problems and schema differences are bounded, so is what they say. */
const MAX_BUNDLE = 16 * 1024 * 1024;
const SUFFIX = '.incident.json';

const Time = z.iso.datetime({ precision: 3 });
const Sql = z.string().max(64 * 1024);

/** A difference between the schema as it must be and as it was found; null where there is none of that name. */
export const SchemaDifference = z.strictObject({
  type: z.string().max(64),
  name: z.string().max(1024),
  expected: Sql.nullable(),
  found: Sql.nullable(),
});
export type SchemaDifference = z.infer<typeof SchemaDifference>;

/** A checkpoint that plays a part in what was found. `head` is the hash of the record at its size, where it is known. */
export const InvolvedCheckpoint = z.strictObject({
  source: z.string().max(5000),
  note: z.string().max(64 * 1024),
  head: Digest.nullable(),
});
export type InvolvedCheckpoint = z.infer<typeof InvolvedCheckpoint>;

/** What is signed: everything found at one time (docs/incident-bundle.md). */
export const Incident = z.strictObject({
  causeway: z.literal('incident/1'),
  chain: z.uuidv4(),
  tenant: z.string().max(63),
  time: Time,
  /** The newest record as it was found: its number, and the hash it is stored under. */
  head: z.strictObject({ seq: z.int(), hash: Digest }).nullable(),
  breaks: z
    .array(
      z.strictObject({
        id: z.string().max(64),
        kind: BreakKind,
        text: z.string().max(500),
        source: z.string().max(500).nullable(),
        seq: z.int().min(1).nullable(),
      }),
    )
    .max(200),
  checkpoints: z.array(InvolvedCheckpoint).max(400),
  schema: z.array(SchemaDifference).max(1000),
  problems: z.array(Problem).max(1000),
  problemCount: z.int(),
  /** Rows beside records that are not there, which an acknowledgement takes out of the database. */
  cutOff: z
    .strictObject({
      trail: z.array(z.array(z.string()).max(9)).max(1000),
      disclosures: z.array(z.array(z.string()).max(4)).max(1000),
      omitted: z.int(),
    })
    .optional(),
});
export type Incident = z.infer<typeof Incident>;

const Bundle = z.strictObject({
  incident: Incident,
  digest: Digest,
  key: z.strictObject({ id: KeyId, alg: KeyAlgorithm, spki: z.base64().max(512) }),
  sig: z.base64().max(128),
});

/** What was found; chain and tenant come from the store. What is left out is empty. */
export type IncidentFindings = Pick<Incident, 'time' | 'head'> &
  Partial<Pick<Incident, 'breaks' | 'checkpoints' | 'schema' | 'problems' | 'problemCount' | 'cutOff'>>;

export interface BundleParts {
  /** The tenant's folder. */
  readonly folder: string;
  readonly chain: string;
  readonly tenant: string;
  readonly signer: Signer;
  readonly random: Random;
}

export interface BundleReference {
  readonly file: string;
  /** Lowercase hex SHA-256 of the canonical bytes of the incident; what its acknowledgement names. */
  readonly digest: string;
}

/** What an incident's signature is over; kept apart from records and checkpoints by its first line. */
function incidentText(digest: string): Buffer {
  return Buffer.from(`causeway/incident/v1\n${digest}\n`, 'ascii');
}

/**
 * Writes what was found into the tenant's folder, signed by the chain's key. It appears whole or not at all.
 * @throws CausewayError `disk-full`, `read-only`, `audit-unavailable`, and the signer's own
 */
export async function writeIncidentBundle(parts: BundleParts, findings: IncidentFindings): Promise<BundleReference> {
  const { chain, tenant, signer } = parts;
  const empty = { breaks: [], checkpoints: [], schema: [], problems: [], problemCount: findings.problems?.length ?? 0 };
  const incident = Incident.parse({ ...empty, ...findings, causeway: 'incident/1', chain, tenant });
  const digest = hashRecord(canonicalBytes(wellFormed(incident)));
  const sig = Buffer.from(await signer.sign(incidentText(digest))).toString('base64');
  const key = { id: signer.keyId, alg: signer.alg, spki: signer.spki.toString('base64') };
  const folder = join(parts.folder, INCIDENTS_FOLDER);
  const file = join(folder, `${findings.time.replace(/[:.]/g, '-')}-${digest.slice(0, 12)}${SUFFIX}`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const bundle = canonicalBytes({ incident: wellFormed(incident), digest, key, sig });
    await writeFileAtomically(file, bundle, parts.random);
  } catch (error) {
    throw explainSqliteError(error, 'the incident bundle');
  }
  return { file, digest };
}

/** A bundle whose digest and signature hold, or the reason why it is none. Says nothing about whose key signed. */
export async function readIncidentBundle(
  file: string,
): Promise<{ readonly incident: Incident; readonly digest: string; readonly keyId: string } | string> {
  let value: unknown;
  try {
    value = JSON.parse((await readSmallFile(file, MAX_BUNDLE)).toString('utf8'));
  } catch (error) {
    return `it cannot be read: ${error instanceof Error ? error.message : 'unknown error'}`;
  }
  const bundle = Bundle.safeParse(value);
  if (!bundle.success) return 'it is not of the form of an incident bundle';
  const { incident, digest, key, sig } = bundle.data;
  if (hashRecord(canonicalBytes(incident)) !== digest) return 'its digest is not that of what it says';
  const verifying = readKey(key);
  if (typeof verifying === 'string') return verifying;
  if (!verifySignature(verifying, incidentText(digest), Buffer.from(sig, 'base64'))) return 'its signature is wrong';
  return { incident, digest, keyId: key.id };
}

/** Text found in a damaged database may hold half surrogate pairs, which have no canonical form. */
function wellFormed<T>(value: T): T {
  return JSON.parse(
    JSON.stringify(value, (_name, member) => (typeof member === 'string' ? member.toWellFormed() : member)),
  );
}
