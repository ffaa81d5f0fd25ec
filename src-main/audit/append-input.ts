import type { z } from 'zod';
import type { Random } from '#main/platform/random.ts';
import { CausewayError } from '#shared/errors.ts';
import type { AuditAction } from '#shared/model/audit-actions.ts';
import { AUDIT_DATA } from '#shared/model/audit-data.ts';
import {
  Actor,
  type AuditRecord,
  Device,
  GENESIS_PREV,
  Links,
  type Outcome,
  Target,
} from '#shared/model/audit-record.ts';
import { canonicalText, MAX_DEPTH, NotCanonicalError } from './canonical.ts';
import { MAX_LINE, summarize, writeDisclosure } from './export-lines.ts';
import { hashRecord } from './hash.ts';
import { nestsDeeperThan } from './json-depth.ts';
import { holdsProto } from './json-proto.ts';
import { checkRecordSchema } from './record-schema.ts';
import { type Disclosure, findSealed, type Sealable, sealValues } from './seal.ts';

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
  /** The canonical text of each of its members. */
  readonly texts: Readonly<Record<string, string>>;
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

/** Room for the other members, hash and signature in a line of an export. */
const MAX_BODY = MAX_LINE - 2048;

/** All members in the order of the canonical form. */
const MEMBERS = [
  'action',
  'actor',
  'chain',
  'data',
  'device',
  'key',
  'links',
  'onBehalfOf',
  'outcome',
  'prev',
  'seq',
  'target',
  'tenant',
  'time',
  'v',
];

/**
 * Seals what is to be sealed and checks everything against the schemas.
 * @throws CausewayError `bad-input`, `too-large`
 */
export function prepareInput<A extends AuditAction>(input: AppendInput<A>, random: Random): PreparedInput {
  const disclosures: Disclosure[] = [];
  const sealed = (value: unknown, path: string) => refused(() => sealValues(value, path, random, disclosures));
  const { action, outcome, target } = input;
  const body: RecordBody = {
    action,
    outcome,
    actor: sealed(input.actor, '/actor') as Actor,
    target,
    data: sealed(input.data, '/data') as RecordBody['data'],
  };
  if (input.onBehalfOf !== undefined) body.onBehalfOf = sealed(input.onBehalfOf, '/onBehalfOf') as Actor;
  if (input.links !== undefined) body.links = sealed(input.links, '/links') as Links;
  if (input.device !== undefined) body.device = sealed(input.device, '/device') as Device;
  for (const actor of [body.actor, body.onBehalfOf]) {
    if (actor?.type === 'user' && typeof actor.name === 'string') {
      throw new CausewayError('bad-input', "A person's name stands in a record only sealed.", { reason: 'not-sealed' });
    }
  }
  for (const disclosure of disclosures) checkDisclosure(disclosure);
  requireDisclosed(body, disclosures);
  checkSchemas(body);
  return { body, texts: serializeBody(body), disclosures };
}

/** A value this store never had would be one it lost, to every verification from then on. */
function requireDisclosed(body: RecordBody, disclosures: readonly Disclosure[]): void {
  const disclosed = new Set(disclosures.map(({ path }) => path));
  for (const path of findSealed(body).keys()) {
    if (disclosed.has(path)) continue;
    const text = `The value at ${path.slice(0, 200)} is given as sealed, without what was sealed. Give it in clear.`;
    throw new CausewayError('bad-input', text, { reason: 'not-disclosed' });
  }
}

/** What verification asks of a whole record is asked before it is written; what the store adds does not matter here. */
function checkSchemas(body: RecordBody): void {
  const seq = body.action === 'tenant.created' ? 1 : 2;
  const checkedRecord = checkRecordSchema({ ...SOMEWHERE, seq, ...body });
  if (typeof checkedRecord !== 'string') return;
  const { action, actor, onBehalfOf, target, links, device, data } = body;
  check(Actor, actor, 'actor');
  check(Target, target, 'target');
  check(AUDIT_DATA[action], data, `data of ${action}`);
  check(Actor.optional(), onBehalfOf, 'onBehalfOf');
  check(Links.optional(), links, 'links');
  check(Device.optional(), device, 'device');
  throw new CausewayError('bad-input', `This cannot be recorded: ${checkedRecord}`, { reason: 'schema' });
}

const SOMEWHERE = {
  v: 1,
  chain: '00000000-0000-4000-8000-000000000000',
  tenant: 'tenant',
  time: '2000-01-01T00:00:00.000Z',
  key: '0'.repeat(16),
  prev: GENESIS_PREV,
};

/** Serialised before the record has its place, so that what cannot be recorded is refused before anything waits on it. */
function serializeBody(body: RecordBody): Readonly<Record<string, string>> {
  const texts: Record<string, string> = {};
  let size = 0;
  for (const [name, member] of Object.entries(body)) {
    const text = refused(() => canonicalText(member));
    size += Buffer.byteLength(text, 'utf8');
    texts[name] = text;
  }
  if (size > MAX_BODY) throw tooLarge('record');
  return texts;
}

/** A sealed value has to fit a line of an export as well, although it does not stand in the record. */
function checkDisclosure({ path, disclosed }: Disclosure): void {
  const line = Buffer.from(writeDisclosure(1, path, disclosed), 'utf8');
  if (line.length > MAX_BODY) throw tooLarge('disclosure');
  if (holdsProto(disclosed)) {
    const text = 'This cannot be recorded: a member of a value is called __proto__.';
    throw new CausewayError('bad-input', text, { reason: 'schema' });
  }
  if (!nestsDeeperThan(line, MAX_DEPTH)) return;
  throw new CausewayError('bad-input', 'This cannot be recorded: a value is nested too deep.', { reason: 'canonical' });
}

function refused<T>(serialize: () => T): T {
  try {
    return serialize();
  } catch (cause) {
    if (!(cause instanceof NotCanonicalError)) throw cause;
    throw new CausewayError('bad-input', `This cannot be recorded: ${cause.message}.`, { cause, reason: 'canonical' });
  }
}

function tooLarge(reason: string): CausewayError {
  return new CausewayError('too-large', 'This is too large for the audit trail (4 MiB).', { reason });
}

/** The record at its place: bytes and hash. */
export function buildRecord({ body, texts }: PreparedInput, place: RecordPlace): BuiltRecord {
  const all: Record<string, string> = { ...texts, v: '1' };
  for (const [name, value] of Object.entries(place)) all[name] = canonicalText(value);
  const members = MEMBERS.filter((name) => all[name] !== undefined).map((name) => `"${name}":${all[name]}`);
  const bytes = Buffer.from(`{${members.join(',')}}`, 'utf8');
  return { record: { v: 1, ...place, ...body }, bytes, hash: hashRecord(bytes) };
}

/** Names the part of a record that does not fit. */
function check(schema: z.ZodType, value: unknown, what: string): void {
  const parsed = schema.safeParse(value);
  if (parsed.success) return;
  const text = `This cannot be recorded, ${what} is not of its schema: ${summarize(parsed.error)}`;
  throw new CausewayError('bad-input', text, { cause: parsed.error, reason: 'schema' });
}

/**
 * Refuses records that only the store itself can write truthfully: they begin a chain, or say which key signs from now
 * on. @throws CausewayError `bad-input`
 */
export function refuseOwn<A extends AuditAction>({ action, data }: AppendInput<A>): void {
  const rotation = action === 'credential.key_rotated' && 'purpose' in data && data.purpose === 'signing';
  if (action !== 'tenant.created' && !rotation) return;
  const what = rotation ? 'A change of the signing key' : 'The beginning of a chain';
  throw new CausewayError('bad-input', `${what} is recorded by the audit store itself.`, { reason: 'own-record' });
}
