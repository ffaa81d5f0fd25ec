import type { AuditAction } from '#shared/model/audit-actions.ts';
import type { AuditRecord } from '#shared/model/audit-record.ts';
import { type ByText, readText, readTexts, readTime, slot } from './record-values.ts';

/** What a record did to somebody's access, or to a key's. A type alias: what JSON can say. */
export type AccessGiven = {
  readonly kind: 'user' | 'api_key';
  readonly id: string;
  readonly what: 'added' | 'role' | 'removed';
  /** The role or, of a key, what it may do; null when it was removed. */
  readonly role: string | null;
  /** Of a key: when it ends by itself. */
  readonly until: string | null;
};

/** Records that give access, change it or take it away: whoever judges who had some has to be shown them. */
export const ACCESS_ACTIONS = [
  'tenant.user_added',
  'tenant.user_role_changed',
  'tenant.user_removed',
  'auth.api_key_created',
  'auth.api_key_revoked',
] as const satisfies readonly AuditAction[];

/** null for a record that changes nobody's access, as one that says that it did not succeed. */
export function readAccess({ action, outcome, data }: AuditRecord): AccessGiven | null {
  if (outcome !== 'success') return null;
  const user = readText(data.user);
  const key = readText(data.apiKey);
  const of = (kind: AccessGiven['kind'], id: string | null, what: AccessGiven['what'], role: string | null) =>
    id === null ? null : { kind, id, what, role, until: null };
  switch (action) {
    case 'tenant.user_added':
      return of('user', user, 'added', readText(data.role));
    case 'tenant.user_role_changed':
      return of('user', user, 'role', readText(data.new));
    case 'tenant.user_removed':
      return of('user', user, 'removed', null);
    case 'auth.api_key_created': {
      const made = of('api_key', key, 'added', readTexts(data.scopes).join(', '));
      return made === null ? null : { ...made, until: readText(data.expiresAt) };
    }
    case 'auth.api_key_revoked':
      return of('api_key', key, 'removed', null);
    default:
      return null;
  }
}

/** May change `access`. */
export function takeAccess<T extends AccessGiven>(access: ByText<T>, change: T): void {
  const key = slot(change.kind, change.id);
  if (change.what === 'removed') delete access[key];
  else access[key] = change;
}

/** Who has access at a moment (epoch milliseconds), by id: keys that ran out by then are not among them. */
export function accessNow<T extends AccessGiven>(access: ByText<T>, at: number): readonly T[] {
  return Object.values(access)
    .filter(({ until }) => (readTime(until) ?? Number.POSITIVE_INFINITY) > at)
    .sort((one, other) => (one.id < other.id ? -1 : 1));
}

/** Of those with access whoever is not on the list of a review. The control and the report both ask this. */
export function leftOutOf<T extends Pick<AccessGiven, 'id'>>(
  access: readonly T[],
  frozen: Iterable<string>,
): readonly T[] {
  const listed = new Set(frozen);
  return access.filter(({ id }) => !listed.has(id));
}
