import { z } from 'zod';
import { AUDIT_ACTIONS, type AuditAction } from '#shared/model/audit-actions.ts';
import { AUDIT_DATA } from '#shared/model/audit-data.ts';
import { Actor, ActorType, RecordEnvelope, Sealed } from '#shared/model/audit-record.ts';
import type { RecordPatterns } from './plain-record.ts';
import { escapePattern, memberPattern, objectPattern, schemaPattern } from './schema-pattern.ts';

/** Actions whose records change how others are judged; they are always read the long way. */
const SPECIAL: ReadonlySet<AuditAction> = new Set([
  'tenant.created',
  'tenant.erasure_completed',
  'credential.key_rotated',
]);
/**
 * For each action, the pattern of the canonical text of a record of this chain; it captures key, prev, seq and time.
 * Actions whose data no pattern can express are left out.
 */
export function recordPatterns(chain: string, tenant: string): RecordPatterns {
  const patterns = new Map<string, string>();
  const members = memberPatterns(chain, tenant);
  if (members === null) return patterns;
  for (const action of AUDIT_ACTIONS) {
    const data = SPECIAL.has(action) ? null : schemaPattern(AUDIT_DATA[action]);
    if (data === null) continue;
    const text = members.map(({ name, pattern, optional }) => {
      if (name === 'action') return memberPattern(name, literal(action));
      return memberPattern(name, name === 'data' ? data : pattern, optional);
    });
    patterns.set(action, `^\\{${text.join('')}\\}$`);
  }
  return patterns;
}

interface Member {
  readonly name: string;
  readonly pattern: string;
  readonly optional: boolean;
}

/** The members of a record in their order; `action` and `data` are each action's own. */
function memberPatterns(chain: string, tenant: string): readonly Member[] | null {
  const { shape } = RecordEnvelope;
  const actor = actorPattern();
  const own: Readonly<Record<string, string | null>> = {
    action: '',
    data: '',
    chain: literal(chain),
    tenant: literal(tenant),
    actor,
    onBehalfOf: actor,
    key: captured(schemaPattern(shape.key)),
    prev: captured(schemaPattern(shape.prev)),
    seq: '([2-9]|[1-9]\\d{1,14})', // the first record is never plain
    time: captured(schemaPattern(shape.time)),
  };
  const members: Member[] = [];
  for (const [name, schema] of Object.entries(shape).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const optional = schema instanceof z.ZodOptional;
    const pattern = name in own ? own[name] : schemaPattern(optional ? schema.unwrap() : schema);
    if (pattern === null || pattern === undefined) return null;
    members.push({ name, pattern, optional });
  }
  return members;
}

function literal(text: string): string {
  return escapePattern(JSON.stringify(text));
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
