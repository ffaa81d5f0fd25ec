import { z } from 'zod';
import { Permission, PersonId, Role } from '#shared/model/access.ts';
import { KeyId } from '#shared/model/audit-record.ts';
import { Digest } from '#shared/model/evidence.ts';

/**
 * What people.db keeps, each entry encrypted as a whole and bound to its place: role, hash and state cannot be edited
 * one by one, and no column tells anything. Times are milliseconds since the Unix epoch.
 */
const Time = z.int();

export const PersonEntry = z.strictObject({
  /** Null as soon as the person is removed: the pseudonym stays, for records and four eyes. */
  name: z.string().nullable(),
  email: z.string().nullable(),
  role: Role,
  aliasOf: PersonId.nullable(),
  addedAt: Time,
  removedAt: Time.nullable(),
  lastSignInAt: Time.nullable(),
  /** PHC string of Argon2id: the parameters stand in it. */
  password: z.string().nullable(),
  /** Base32. The time steps of RFC 6238 that a code was accepted for, newest last. */
  totp: z.strictObject({ secret: z.string(), usedSteps: z.array(z.int()) }).nullable(),
  /** A setup that waits for its first code. */
  pendingTotp: z.string().nullable(),
  /** Hashes of the recovery codes that are left. */
  recovery: z.array(Digest),
});
export type PersonEntry = z.infer<typeof PersonEntry>;

const SESSION_ENDS = ['signed-out', 'expired', 'revoked', 'everywhere', 'role-changed', 'removed'] as const;
export const SessionEntry = z.strictObject({
  person: PersonId,
  openedAt: Time,
  expiresAt: Time,
  lastSeenAt: Time,
  locked: z.boolean(),
  /** SHA-256 of the one token that goes with it. */
  token: Digest,
  ended: z.enum(SESSION_ENDS).nullable(),
});
export type SessionEntry = z.infer<typeof SessionEntry>;

export const InvitationEntry = z.strictObject({
  email: z.string(),
  role: Role,
  createdAt: Time,
  expiresAt: Time,
  invitedBy: PersonId,
  code: Digest,
});
export type InvitationEntry = z.infer<typeof InvitationEntry>;

export const ApiKeyEntry = z.strictObject({
  label: z.string(),
  owner: PersonId,
  scopes: z.array(Permission),
  createdAt: Time,
  expiresAt: Time.nullable(),
  lastUsedAt: Time.nullable(),
  revokedAt: Time.nullable(),
  secret: Digest,
});
export type ApiKeyEntry = z.infer<typeof ApiKeyEntry>;

export const DeviceEntry = z.strictObject({
  keyId: KeyId,
  spki: z.base64(),
  person: PersonId,
  label: z.string(),
  registeredAt: Time,
  registeredBy: PersonId,
});
export type DeviceEntry = z.infer<typeof DeviceEntry>;

/** Whose a device key is, under the key's id. It stays when the device is removed: what it signed is judged by it. */
export const DeviceBindingEntry = z.strictObject({ person: PersonId, registeredBy: PersonId });
export type DeviceBindingEntry = z.infer<typeof DeviceBindingEntry>;

export const LockoutEntry = z.strictObject({
  failures: z.int().min(0),
  lastFailureAt: Time,
  /** 0: not locked. */
  lockedUntil: Time,
  lockMs: z.int().min(0),
  /** Attempts refused without looking at them since the last record about it. */
  refused: z.int().min(0),
  /** Whether this lock is on record. */
  announced: z.boolean(),
});
export type LockoutEntry = z.infer<typeof LockoutEntry>;

/** A record that could not be written when it happened. */
export const OwedEntry = z.strictObject({ at: Time, input: z.record(z.string(), z.unknown()) });
export type OwedEntry = z.infer<typeof OwedEntry>;

/** When two or more humans last held a permission, by permission; one that always was one human's is not in it. */
const CompanyEntry = z.strictObject({ lastShared: z.record(z.string(), Time) });

const CostSetting = z.strictObject({ memoryKiB: z.int(), passes: z.int(), lanes: z.int() });
const SettingsEntry = z.strictObject({ passwordCost: CostSetting.nullable(), owedDropped: z.int().min(0) });

export const ENTRIES = {
  person: PersonEntry,
  session: SessionEntry,
  invitation: InvitationEntry,
  'api-key': ApiKeyEntry,
  device: DeviceEntry,
  'device-binding': DeviceBindingEntry,
  lockout: LockoutEntry,
  owed: OwedEntry,
  settings: SettingsEntry,
  company: CompanyEntry,
} as const;
export type Kind = keyof typeof ENTRIES;
export type EntryOf<K extends Kind> = z.infer<(typeof ENTRIES)[K]>;
