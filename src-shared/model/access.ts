import { z } from 'zod';
import { TenantSlug } from './audit-record.ts';

/** What a person is in a workspace. What each may do stands in the permission policies, and nowhere else. */
export const Role = z.enum(['owner', 'admin', 'operator', 'viewer']);
export type Role = z.infer<typeof Role>;

/** Everything that is asked about before it is done. Each IPC channel and each terminal command names one. */
export const PERMISSIONS = [
  'incidents.read',
  'incidents.import',
  'investigations.run',
  'approvals.decide',
  'approvals.break-glass',
  'approvals.review',
  'trail.read',
  'trail.export',
  'trail.verify',
  'history.acknowledge',
  'witness.manage',
  'keys.rotate',
  'protections.decide',
  'policies.read',
  'policies.change',
  'people.read',
  'people.manage',
  'api-keys.manage',
  'leases.revoke',
  'secrets.read',
  'secrets.manage',
  'compliance.read',
  'compliance.manage',
  'access-reviews.decide',
  'reports.make',
] as const;
export const Permission = z.enum(PERMISSIONS);
export type Permission = z.infer<typeof Permission>;

/** What a channel or command needs: a permission, only to be signed in, or nothing. */
export type Access = Permission | 'signed-in' | 'public';

/** Pseudonymous: what stands in records. */
export const PersonId = z.string().regex(/^u-[0-9a-f]{12}$/);

/** NIST SP 800-63B: length is what counts, and no rules of composition. Characters, not bytes. */
export const SHORTEST_PASSWORD = 12;
export const Password = z.string().max(256);
export const Email = z.email().max(254);
export const PersonName = z.string().trim().min(1).max(100);
/** Six digits of an authenticator, or a recovery code. */
export const SecondFactor = z.string().trim().min(6).max(32);

/** Given at the very moment of a decision. */
export const Reauthentication = z.discriminatedUnion('method', [
  z.strictObject({ method: z.literal('password'), password: Password }),
  z.strictObject({ method: z.literal('totp'), code: SecondFactor }),
]);
export type Reauthentication = z.infer<typeof Reauthentication>;

export const WorkspaceSummary = z.strictObject({ tenant: TenantSlug, title: z.string().min(1).max(100) });
export type WorkspaceSummary = z.infer<typeof WorkspaceSummary>;
