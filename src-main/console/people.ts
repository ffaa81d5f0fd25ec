import type { Permission } from '#shared/model/access.ts';
import type { Approvers } from '../approvals/approvers.ts';
import type { Identity } from '../identity/identity.ts';
import type { Principal } from '../identity/principal.ts';
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
    mayNow: (id, permission) => mayNow(identity, permissions, id, permission),
    deviceBinding: (keyId) => identity.deviceBinding(keyId),
    reauthenticate: (by, proof) => identity.reauthenticate(by, proof),
  };
}

/** Whether this account is of somebody who is here and may do this, by their role. */
export function mayNow(
  identity: Pick<Identity, 'people'>,
  permissions: Pick<Permissions, 'allowed'>,
  id: string,
  permission: Permission,
): boolean {
  const person = identity.people().find((one) => one.id === id);
  return person !== undefined && permissions.allowed(person.role).includes(permission);
}

/**
 * Takes a device's key away: one's own, or with the permission to manage people somebody else's.
 * @throws CausewayError `denied`, on record; `not-found`, `audit-unavailable`
 */
export async function removeDevice(
  { identity, permissions }: { readonly identity: Identity; readonly permissions: Permissions },
  by: Principal,
  device: string,
): Promise<void> {
  const person = identity.devices().find(({ id }) => id === device)?.person;
  if (by.type !== 'user' || person !== by.id) {
    const role = identity.people().find(({ id }) => id === person)?.role;
    await permissions.demand(by, 'people.manage', role);
  }
  await identity.removeDevice(by, device);
}

/** How many humans may decide on plans, whatever accounts they have. */
export function countApprovers(approvers: Pick<Approvers, 'eligible'>): number {
  return new Set(approvers.eligible().map(({ human }) => human)).size;
}
