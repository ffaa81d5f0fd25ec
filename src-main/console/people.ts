import type { Approvers } from '../approvals/approvers.ts';
import type { Identity } from '../identity/identity.ts';
import type { Permissions } from '../policy/permissions.ts';

/** The people of the workspace, as approvals know them. */
export function approversOf(identity: Identity, permissions: Permissions): Approvers {
  return {
    eligible: () =>
      identity
        .people()
        .filter(({ role }) => permissions.allowed(role).includes('approvals.decide'))
        .map(({ id }) => ({ id, human: identity.humanBehind(id) })),
    humanBehind: (id) => identity.humanBehind(id),
    nameOf: (id) => identity.nameOf(id),
    may: ({ role, scopes }, permission) =>
      permissions.allowed(role).includes(permission) && (scopes?.includes(permission) ?? true),
    reauthenticate: (by, proof) => identity.reauthenticate(by, proof),
  };
}

/** How many humans may decide on plans, whatever accounts they have. */
export function countApprovers(approvers: Pick<Approvers, 'eligible'>): number {
  return new Set(approvers.eligible().map(({ human }) => human)).size;
}
