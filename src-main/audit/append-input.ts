import type { z } from 'zod';
import { CausewayError } from '#shared/errors.ts';
import type { AuditAction } from '#shared/model/audit-actions.ts';
import { AUDIT_DATA } from '#shared/model/audit-data.ts';
import { Actor, type AuditRecord, Device, Links, type Outcome, Target } from '#shared/model/audit-record.ts';
import type { Random } from '../platform/random.ts';
import { canonicalBytes, NotCanonicalError } from './canonical.ts';
import { MAX_LINE, summarize } from './export-lines.ts';
import { hashRecord } from './hash.ts';
import { type Disclosure, type Sealable, sealValues } from './seal.ts';

/** What a caller says about something that happened; the store adds time, place in the chain, key and signature. */
export interface AppendInput<A extends AuditAction> {
  readonly action: A;
  readonly outcome: Outcome;
  readonly actor: Sealable<Actor>;
  /** The human an agent acted for. */
  readonly onBehalfOf?: Sealable<Actor> | undefined;
  readonly target: Target;
  readonly links?: Links | undefined;
  readonly device?: Sealable<Device> | undefined;
  readonly data: Sealable<z.infer<(typeof AUDIT_DATA)[A]>>;
}

/** The members a caller decides, sealed and checked. */
export type RecordBody = Pick<
  AuditRecord,
  'action' | 'outcome' | 'actor' | 'onBehalfOf' | 'target' | 'links' | 'device' | 'data'
>;

export interface PreparedInput {
  readonly body: RecordBody;
  readonly disclosures: readonly Disclosure[];
}

/** Where a record goes in the chain. */
export interface RecordPlace {
  readonly chain: string;
  readonly tenant: string;
  readonly seq: number;
  readonly time: string;
  readonly key: string;
  readonly prev: string;
}

export interface BuiltRecord {
  readonly record: AuditRecord;
  readonly bytes: Buffer;
  readonly hash: string;
}

/** Room for hash and signature beside the record in a line of an export. */
const MAX_RECORD = MAX_LINE - 1024;

/**
 * Seals what is to be sealed and checks everything against the schemas.
 * @throws CausewayError `bad-input`
 */
export function prepareInput<A extends AuditAction>(input: AppendInput<A>, random: Random): PreparedInput {
  const disclosures: Disclosure[] = [];
  const sealed = (value: unknown, path: string) => sealValues(value, path, random, disclosures);
  const { action, outcome, target } = input;
  const body: RecordBody = {
    action,
    outcome,
    actor: checked(Actor, sealed(input.actor, '/actor'), 'actor'),
    target: checked(Target, target, 'target'),
    data: checked<RecordBody['data']>(
      AUDIT_DATA[action] as z.ZodType<RecordBody['data']>,
      sealed(input.data, '/data'),
      `data of ${action}`,
    ),
  };
  if (input.onBehalfOf !== undefined) {
    body.onBehalfOf = checked(Actor, sealed(input.onBehalfOf, '/onBehalfOf'), 'onBehalfOf');
  }
  if (input.links !== undefined) body.links = checked(Links, sealed(input.links, '/links'), 'links');
  if (input.device !== undefined) body.device = checked(Device, sealed(input.device, '/device'), 'device');
  for (const actor of [body.actor, body.onBehalfOf]) {
    if (actor?.type === 'user' && typeof actor.name === 'string') {
      throw new CausewayError('bad-input', "A person's name stands in a record only sealed.", { reason: 'not-sealed' });
    }
  }
  return { body, disclosures };
}

/** The record at its place: bytes and hash. @throws CausewayError `bad-input`, `too-large` */
export function buildRecord({ body }: PreparedInput, place: RecordPlace): BuiltRecord {
  const record: AuditRecord = { v: 1, ...place, ...body };
  let bytes: Buffer;
  try {
    bytes = canonicalBytes(record);
  } catch (cause) {
    if (!(cause instanceof NotCanonicalError)) throw cause;
    throw new CausewayError('bad-input', `This cannot be recorded: ${cause.message}.`, { cause, reason: 'canonical' });
  }
  if (bytes.length > MAX_RECORD) {
    throw new CausewayError('too-large', 'This record is too large for the audit trail (4 MiB).', { reason: 'record' });
  }
  return { record, bytes, hash: hashRecord(bytes) };
}

function checked<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return value as T;
  const text = `This cannot be recorded, ${what} is not of its schema: ${summarize(parsed.error)}`;
  throw new CausewayError('bad-input', text, { cause: parsed.error, reason: 'schema' });
}
