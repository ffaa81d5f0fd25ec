import type { ProtectionKind } from '#shared/ipc/protection-views.ts';
import { PERMISSIONS, type Permission, type Role } from '#shared/model/access.ts';
import type { StateWord } from '../../format/words.ts';

export const ROLE_NAMES: Readonly<Record<Role, string>> = {
  owner: 'Owner',
  admin: 'Admin',
  operator: 'Operator',
  viewer: 'Viewer',
};

export const ROLES: readonly Role[] = ['owner', 'admin', 'operator', 'viewer'];

/** What a permission is about: the part before its dot. */
const GROUP_NAMES: Readonly<Record<string, string>> = {
  incidents: 'Incidents',
  investigations: 'Investigations',
  approvals: 'Approvals',
  trail: 'Audit trail',
  history: 'History',
  witness: 'Witnesses',
  keys: 'Signing keys',
  protections: 'Protections',
  policies: 'Guardrail policies',
  people: 'People',
  'api-keys': 'API keys',
  leases: 'Leases',
  secrets: 'Secrets',
  compliance: 'Compliance',
  'access-reviews': 'Access reviews',
  reports: 'Evidence reports',
};

export function groupOf(permission: Permission): string {
  const [prefix = permission] = permission.split('.');
  return GROUP_NAMES[prefix] ?? prefix;
}

/** Rows in the order they came, together with those of the same group. */
export function groupByPrefix<T extends { readonly permission: Permission }>(
  rows: readonly T[],
): readonly { readonly name: string; readonly rows: readonly T[] }[] {
  const names = [...new Set(rows.map(({ permission }) => groupOf(permission)))];
  return names.map((name) => ({ name, rows: rows.filter(({ permission }) => groupOf(permission) === name) }));
}

/** Decisions are of people: they cannot be handed to a key, so no key is offered them. */
const OF_PEOPLE: readonly Permission[] = [
  'approvals.decide',
  'approvals.break-glass',
  'approvals.review',
  'history.acknowledge',
  'keys.rotate',
  'protections.decide',
  'policies.change',
  'people.manage',
  'api-keys.manage',
  'secrets.manage',
  'compliance.manage',
  'access-reviews.decide',
];
export const KEY_SCOPES: readonly Permission[] = PERMISSIONS.filter((permission) => !OF_PEOPLE.includes(permission));

export const KIND_NAMES: Readonly<Record<ProtectionKind, string>> = {
  'policy-change': 'Change of the guardrail policy',
  'key-rotation': 'New signing key',
  'break-acknowledgement': 'Acknowledgement of a break',
};

/** What an approval of the change does, for the person about to give it. */
export const KIND_EFFECTS: Readonly<Record<ProtectionKind, string>> = {
  'policy-change': 'Once approved, every guarded step is judged by the new policy. The old version stays listed.',
  'key-rotation': 'Once approved, a new key signs every record from there on. What the old one signed stays valid.',
  'break-acknowledgement':
    'Once approved, records are written again. The break stays named for good, and cannot be taken back.',
};

export const YES: StateWord = { word: 'Yes', tone: 'good', shape: 'check' };
export const NO: StateWord = { word: 'No', tone: 'calm', shape: 'dash' };

/** A key's or an invitation's state at `now`. */
export function wordKey(
  key: { readonly revokedAt: string | null; readonly expiresAt: string | null },
  now: number,
): StateWord {
  if (key.revokedAt !== null) return { word: 'Revoked', tone: 'calm', shape: 'cross' };
  if (key.expiresAt !== null && Date.parse(key.expiresAt) <= now) {
    return { word: 'Expired', tone: 'calm', shape: 'dash' };
  }
  return { word: 'Active', tone: 'good', shape: 'check' };
}
