import { removeDevice } from '#main/console/people.ts';
import { CausewayError } from '#shared/errors.ts';
import type { ACCESS_CHANNELS } from '#shared/ipc/access-channels.ts';
import type { AccessDesk, Caller } from './access-desk.ts';
import type { FileDialogs } from './file-dialogs.ts';
import type { Handlers } from './ipc-handlers.ts';

type AccessHandlers = Pick<Handlers, keyof typeof ACCESS_CHANNELS>;

/** Signing in and out, the own account, the people of the workspace, their keys and devices, the live leases. */
export function createAccessHandlers(desk: AccessDesk, dialogs: FileDialogs, today: () => string): AccessHandlers {
  const people = ({ workspace: { identity } }: Caller) => [...identity.people()];
  const person = (caller: Caller, id: string) => {
    const found = people(caller).find((one) => one.id === id);
    if (found === undefined) throw new TypeError(`${id} was changed and is not there`);
    return found;
  };
  /** Owners are managed by owners: asked of the policies with the role of whom it is about, so that a refusal is on record. */
  const aboutPerson = async (caller: Caller, id: string) => {
    const { role } = people(caller).find((one) => one.id === id) ?? {};
    if (role !== undefined) await caller.workspace.permissions.demand(caller.principal, 'people.manage', role);
  };
  /** The file of a device, between looking at its key and registering it: the page never names a path. */
  let offered: { readonly file: string; readonly session: string } | null = null;
  return {
    ...desk.flows,
    'access.stayAwake': async () => {
      await desk.stayAwake();
      return {};
    },
    'account.changePassword': async ({ current, next }, { workspace, principal }) => {
      await workspace.identity.changePassword(principal, current, next);
      return {};
    },
    'account.beginSecondFactor': ({ password }, { workspace, principal }) =>
      workspace.identity.beginSecondFactor(principal, password),
    'account.confirmSecondFactor': ({ code }, { workspace, principal }) =>
      workspace.identity.confirmSecondFactor(principal, code),
    'account.renewRecoveryCodes': ({ reauthentication }, { workspace, principal }) =>
      workspace.identity.renewRecoveryCodes(principal, reauthentication),
    'people.list': (_input, caller) => people(caller),
    'people.invitations': (_input, { workspace }) => [...workspace.identity.invitations()],
    'people.invite': async ({ reauthentication, ...invited }, { workspace, principal }) => {
      await workspace.permissions.demand(principal, 'people.manage', invited.role);
      await workspace.identity.reauthenticate(principal, reauthentication);
      return workspace.identity.invite(principal, invited);
    },
    'people.withdrawInvitation': async ({ invitation }, { workspace, principal }) => {
      await workspace.identity.withdrawInvitation(principal, invitation);
      return {};
    },
    'people.setRole': async ({ person: id, role, reauthentication }, caller) => {
      const { identity } = caller.workspace;
      await aboutPerson(caller, id);
      await caller.workspace.permissions.demand(caller.principal, 'people.manage', role);
      await identity.reauthenticate(caller.principal, reauthentication);
      await identity.setRole(caller.principal, id, role);
      return person(caller, id);
    },
    'people.setAlias': async ({ person: id, aliasOf, reauthentication }, caller) => {
      const { identity } = caller.workspace;
      await aboutPerson(caller, id);
      if (aliasOf !== null) await aboutPerson(caller, aliasOf);
      await identity.reauthenticate(caller.principal, reauthentication);
      await identity.setAlias(caller.principal, id, aliasOf);
      return person(caller, id);
    },
    'people.remove': async ({ person: id, reauthentication }, caller) => {
      const { workspace, principal } = caller;
      const { identity } = workspace;
      await aboutPerson(caller, id);
      await identity.reauthenticate(principal, reauthentication);
      await identity.remove(principal, id);
      return {};
    },
    'people.resetSecondFactor': async ({ person: id, reauthentication }, caller) => {
      const { identity } = caller.workspace;
      await aboutPerson(caller, id);
      await identity.reauthenticate(caller.principal, reauthentication);
      await identity.resetSecondFactor(caller.principal, id);
      return person(caller, id);
    },
    'people.signOut': async ({ person: id }, caller) => {
      await aboutPerson(caller, id);
      await caller.workspace.identity.signOutPerson(caller.principal, id);
      return person(caller, id);
    },
    'access.matrix': (_input, { workspace }) => workspace.permissions.matrix(),
    'apiKeys.list': (_input, { workspace }) => [...workspace.identity.apiKeys()],
    'apiKeys.create': async ({ reauthentication, ...wanted }, { workspace: { identity }, principal }) => {
      await identity.reauthenticate(principal, reauthentication);
      return identity.createApiKey(principal, wanted);
    },
    'apiKeys.revoke': async ({ apiKey }, { workspace: { identity }, principal }) => {
      await identity.revokeApiKey(principal, apiKey);
      const revoked = identity.apiKeys().find(({ id }) => id === apiKey);
      if (revoked === undefined) throw new TypeError(`the API key ${apiKey} was revoked and is not there`);
      return revoked;
    },
    'devices.list': (_input, { workspace }) => [...workspace.identity.devices()],
    'devices.exportOwn': async (_input, caller) => {
      const { console } = caller;
      const file = await dialogs.saveDecisionFile(`${console.info().device.name}-${today()}.causeway-device`, 'device');
      if (file === null) return { cancelled: true };
      const { keyId } = await (await caller.again()).console.files.exportDevice(file);
      return { cancelled: false, value: { file, keyId } };
    },
    'devices.choose': async (_input, caller) => {
      offered = null;
      const file = await dialogs.chooseDecisionFile('device');
      if (file === null) return { cancelled: true };
      const { console, principal } = await caller.again();
      const value = await console.files.lookAtDevice(file);
      offered = { file, session: principal.session };
      return { cancelled: false, value };
    },
    'devices.register': async ({ keyId, reauthentication }, { workspace: { identity }, principal, console }) => {
      if (offered === null || offered.session !== principal.session) throw notChosen();
      const { file } = offered;
      await identity.reauthenticate(principal, reauthentication);
      const device = await console.files.registerDevice(file, principal.id, keyId);
      offered = null;
      return device;
    },
    'devices.remove': async ({ device }, { workspace, principal }) => {
      await removeDevice(workspace, principal, device);
      return {};
    },
    'leases.list': (_input, { console }) => [...console.leases()],
    'leases.revoke': async ({ lease }, { console }) => [...(await console.revokeLease(lease))],
  };
}

function notChosen(): CausewayError {
  const text = 'Choose the file of the device again, and compare the id of its key.';
  return new CausewayError('conflict', text, { reason: 'no-file' });
}
