import { isAscii, isUtf8 } from 'node:buffer';
import { AUDIT_ACTIONS, type AuditAction } from '#shared/model/audit-actions.ts';
import { AUDIT_DATA } from '#shared/model/audit-data.ts';
import { Actor, ActorType, RecordEnvelope, Sealed } from '#shared/model/audit-record.ts';
import { escapePattern, memberPattern, objectPattern, schemaPattern } from './schema-pattern.ts';

/** What the checks across records need of one that is plainly in order by itself. */
export interface PlainRecord {
  readonly seq: number;
  readonly time: string;
  readonly key: string;
  readonly prev: string;
  /** Sealed values in it. */
  readonly sealed: number;
}

/** Actions whose records change how others are judged; they are always read the long way. */
const SPECIAL: ReadonlySet<AuditAction> = new Set([
  'tenant.created',
  'tenant.erasure_completed',
  'credential.key_rotated',
]);
const START = '{"action":"';
const SEALED_START = '{"sealed":"';

/**
 * Recognises the bytes of a record of one chain that are canonical and fit their action's schema, without parsing them.
 * It is quick and not complete: what it does not recognise may be in order all the same, and is read the long way. What
 * it does recognise keeps every rule of the chain format that concerns one record alone.
 */
export class PlainRecords {
  readonly #patterns = new Map<string, RegExp | null>();
  readonly #chain: string;
  readonly #tenant: string;

  constructor(chain: string, tenant: string) {
    this.#chain = chain;
    this.#tenant = tenant;
  }

  read(bytes: Buffer): PlainRecord | null {
    const ascii = isAscii(bytes);
    if (!ascii && !isUtf8(bytes)) return null;
    const text = ascii ? bytes.toString('latin1') : bytes.toString('utf8');
    if (!text.startsWith(START)) return null;
    const action = text.slice(START.length, text.indexOf('"', START.length));
    const match = this.#patternFor(action)?.exec(text);
    if (!match) return null;
    const [, key = '', prev = '', seq = '', time = ''] = match;
    return { seq: Number(seq), time, key, prev, sealed: countSealed(text) };
  }

  #patternFor(name: string): RegExp | null {
    let pattern = this.#patterns.get(name);
    if (pattern === undefined) {
      const action = AUDIT_ACTIONS.find((known) => known === name);
      if (action === undefined) return null; // not kept: the file could name any number
      pattern = recordPattern(action, this.#chain, this.#tenant);
      this.#patterns.set(name, pattern);
    }
    return pattern;
  }
}

/** Quotes and backslashes do not stand in the texts of a plain record: what looks like a sealed value is one. */
function countSealed(text: string): number {
  let count = 0;
  for (let at = text.indexOf(SEALED_START); at >= 0; at = text.indexOf(SEALED_START, at + 1)) count++;
  return count;
}

function recordPattern(action: AuditAction, chain: string, tenant: string): RegExp | null {
  const data = SPECIAL.has(action) ? null : schemaPattern(AUDIT_DATA[action]);
  const actor = actorPattern();
  if (data === null || actor === null) return null;
  const { shape } = RecordEnvelope;
  const literal = (text: string) => escapePattern(JSON.stringify(text));
  const known: Readonly<Record<string, string>> = {
    action: literal(action),
    chain: literal(chain),
    tenant: literal(tenant),
    actor,
    onBehalfOf: actor,
    data,
    key: '"([0-9a-f]{16})"',
    prev: '"([0-9a-f]{64})"',
    seq: '([2-9]|[1-9]\\d{1,14})', // the first record is never plain
    time: captured(schemaPattern(shape.time)) ?? '',
  };
  const members = Object.keys(shape).sort();
  let source = '^\\{';
  for (const name of members) {
    const schema = shape[name as keyof typeof shape];
    const optional = schema.safeParse(undefined).success;
    const pattern = known[name] ?? schemaPattern(optional && 'unwrap' in schema ? schema.unwrap() : schema);
    if (pattern === null || pattern === '') return null;
    source += memberPattern(name, pattern, optional);
  }
  return new RegExp(`${source}\\}$`);
}

/** `"…"` with what stands between the quotes captured. */
function captured(pattern: string | null): string | null {
  return pattern === null ? null : `"(${pattern.slice(1, -1)})"`;
}

/** An actor, whose name is sealed when it is a user's. */
function actorPattern(): string | null {
  const { shape, def } = Actor;
  const user = objectPattern({ ...shape, name: Sealed.optional(), type: ActorType.extract(['user']) }, def.catchall);
  const other = objectPattern({ ...shape, type: ActorType.exclude(['user']) }, def.catchall);
  return user === null || other === null ? null : `(?:${user}|${other})`;
}
