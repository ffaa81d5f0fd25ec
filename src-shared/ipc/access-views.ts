import { z } from 'zod';
import { Permission, PersonId, Role, WorkspaceSummary } from '../model/access.ts';
import { TenantSlug } from '../model/audit-record.ts';

/** Shapes of the access screens: who is signed in, the people of a workspace, their keys and devices. */
const Time = z.iso.datetime({ precision: 3 });

export const OwnPerson = z.strictObject({
  id: PersonId,
  name: z.string().max(100),
  email: z.string().max(254),
  role: Role,
  secondFactor: z.boolean(),
  recoveryCodesLeft: z.int().min(0),
});
export type OwnPerson = z.infer<typeof OwnPerson>;

/** Where the window stands. `permissions` is what the screens go by; the main process checks every call nevertheless. */
export const AccessState = z.strictObject({
  stage: z.enum(['first-run', 'choose', 'sign-in', 'locked', 'open']),
  workspaces: z.array(WorkspaceSummary).max(100),
  workspace: WorkspaceSummary.nullable(),
  /** The workspace has no people yet (one of an earlier version): its owner is to be made. */
  needsOwner: z.boolean(),
  person: OwnPerson.nullable(),
  permissions: z.array(Permission),
  idleLockMs: z.int().min(0),
  keychain: z.strictObject({ description: z.string(), durable: z.boolean() }),
});
export type AccessState = z.infer<typeof AccessState>;

export const SignInResult = z.discriminatedUnion('step', [
  z.strictObject({ step: z.literal('second-factor') }),
  z.strictObject({ step: z.literal('done'), state: AccessState }),
]);
export type SignInResult = z.infer<typeof SignInResult>;

/** `secret` in base32, for typing it in; `uri` for the QR code. Active only after a code of it was confirmed. */
export const SecondFactorSetup = z.strictObject({ uri: z.string().max(1000), secret: z.string().max(128) });
export type SecondFactorSetup = z.infer<typeof SecondFactorSetup>;

export const RecoveryCodes = z.strictObject({ codes: z.array(z.string().max(32)).length(10) });

export const PersonView = z.strictObject({
  id: PersonId,
  name: z.string().max(100),
  email: z.string().max(254),
  role: Role,
  secondFactor: z.boolean(),
  /** The account of the same human this one stands for in four-eyes checks. */
  aliasOf: PersonId.nullable(),
  addedAt: Time,
  lastSignInAt: Time.nullable(),
  sessions: z.int().min(0),
  lockedUntil: Time.nullable(),
});
export type PersonView = z.infer<typeof PersonView>;

export const InvitationView = z.strictObject({
  id: z.string().max(64),
  role: Role,
  email: z.string().max(254),
  createdAt: Time,
  expiresAt: Time,
});
export type InvitationView = z.infer<typeof InvitationView>;
/** The code is shown once; only its hash is kept. */
export const NewInvitation = z.strictObject({ invitation: InvitationView, code: z.string().max(64) });

/** The matrix, made from the policies themselves. */
export const PermissionMatrix = z.strictObject({
  roles: z.array(Role),
  rows: z.array(
    z.strictObject({
      permission: Permission,
      text: z.string().max(200),
      allowed: z.record(Role, z.boolean()),
      policies: z.array(z.string().max(128)).max(32),
    }),
  ),
  policyVersion: z.string(),
});
export type PermissionMatrix = z.infer<typeof PermissionMatrix>;

export const ApiKeyView = z.strictObject({
  id: z.string().max(64),
  label: z.string().max(100),
  owner: PersonId,
  scopes: z.array(Permission).max(32),
  createdAt: Time,
  expiresAt: Time.nullable(),
  lastUsedAt: Time.nullable(),
  revokedAt: Time.nullable(),
});
export type ApiKeyView = z.infer<typeof ApiKeyView>;
/** The key is shown once; only its SHA-256 is kept. */
export const NewApiKey = z.strictObject({ apiKey: ApiKeyView, key: z.string().max(128) });

/** A device whose key may sign decisions that come by file. */
export const DeviceView = z.strictObject({
  id: z.string().max(64),
  keyId: z.string().max(64),
  person: PersonId,
  label: z.string().max(100),
  registeredAt: Time,
  registeredBy: PersonId,
});
export type DeviceView = z.infer<typeof DeviceView>;

/** A device's key as its file gives it: `keyId` is compared with what that device's own console shows. */
export const OfferedDevice = z.strictObject({
  keyId: z.string().max(64),
  label: z.string().max(100),
  /** Who the file says it is of; nothing proves it. */
  person: z.string().max(100).nullable(),
});
export type OfferedDevice = z.infer<typeof OfferedDevice>;

export const LeaseView = z.strictObject({
  id: z.string().max(64),
  task: z.string().max(64),
  agent: z.string().max(64),
  incident: z.string().max(64),
  investigation: z.string().max(64),
  account: z.string().max(64),
  environment: z.string().max(64),
  actions: z.array(z.string().max(128)).max(32),
  resources: z.array(z.string().max(1024)).max(64),
  calls: z.int().min(0),
  issuedAt: Time,
  expiresAt: Time,
  /** Whether ending it early also reaches the cloud. */
  cloudRevocation: z.enum(['configured', 'not-configured']),
});
export type LeaseView = z.infer<typeof LeaseView>;

export const Tenant = TenantSlug;
