import { SerialQueue } from '#main/audit/serial-queue.ts';
import { CausewayError } from '#shared/errors.ts';
import { createAccount } from './account.ts';
import { createApiKeys } from './api-keys.ts';
import { createAttempts } from './attempts.ts';
import { requireHuman } from './authority.ts';
import { isAlone } from './company.ts';
import { createDevices } from './devices.ts';
import type { Identity, OpenIdentityOptions } from './identity.ts';
import { createInvitations } from './invitations.ts';
import { createMembers } from './members.ts';
import type { NewPersonInput } from './new-person.ts';
import { checkNewPerson, prepareNewPerson } from './new-person.ts';
import { calibrateCost, LEAST_COST } from './passwords.ts';
import { openPeopleDb, type PeopleDb } from './people-db.ts';
import { deviceOf } from './principal.ts';
import { prove, provePassword } from './proofs.ts';
import { createRecorder } from './recorder.ts';
import { createRejections } from './rejections.ts';
import { newId, type Room } from './room.ts';
import { humanBehind, livingPeople, nameOf, ownView, requirePerson, viewOf } from './roster.ts';
import { createSessions, type Sessions, type SignedIn } from './sessions.ts';
import { signIn } from './sign-in.ts';
import { openTokenKey } from './token-key.ts';

export const IDLE_LOCK_MS = 15 * 60_000;
const SETTINGS = 'identity';
const NO_SETTINGS = { passwordCost: null, owedDropped: 0 };

type Listener = (what: 'access' | 'people') => void;

/** Opens the database and the keys, and puts the parts of the room together. Errors as `openIdentity`. */
export async function assembleIdentity(options: OpenIdentityOptions): Promise<Identity> {
  const db = await openPeopleDb(options);
  try {
    return await assemble(db, options);
  } catch (error) {
    db.close();
    throw error;
  }
}

async function assemble(db: PeopleDb, options: OpenIdentityOptions): Promise<Identity> {
  const { tenant, clock, secrets, onWarning = () => {} } = options;
  const listeners = new Set<Listener>();
  const room = furnishRoom(db, options, listeners);
  const key = await openTokenKey(secrets, tenant);
  const rejections = createRejections({ recorder: room.recorder, clock, device: deviceOf(room), onWarning });
  const sessions = createSessions({ room, key, rejections, idleMs: options.idleLockMs ?? IDLE_LOCK_MS });
  if (key.fresh) await endUnknowable(db, sessions);
  await sessions.sweep();
  await room.recorder.settle().catch((error: unknown) => onWarning(error, 'earlier sign-ins are not recorded yet'));
  await room.attempts.sweep().catch((error: unknown) => onWarning(error, 'refused sign-ins are not recorded yet'));

  const account = createAccount(room, sessions);
  const members = createMembers(room, sessions);
  const invitations = createInvitations(room, sessions);
  const apiKeys = createApiKeys({ room, rejections, allowed: options.allowed });
  const devices = createDevices(room);
  // one after the other: what was checked still holds when it is done, and attempts cannot overtake their counting
  const queue = new SerialQueue();
  const inTurn = <P extends unknown[], T>(work: (...given: P) => Promise<T>) => {
    return (...given: P) =>
      queue.run(async () => {
        await db.settled(); // what the keychain did not take before
        try {
          return await work(...given);
        } finally {
          await db.settled(); // an answer means that an older copy of the file no longer passes
        }
      });
  };
  return {
    hasPeople: () => db.peopled(),
    createOwner: inTurn((input) => createOwner(room, sessions, input, options)),
    signIn: inTurn((input) => signIn(room, sessions, input)),
    verifyToken: sessions.verify,
    lock: inTurn(sessions.lock),
    unlock: inTurn(async (token, password) => {
      const principal = await sessions.verify(token, { evenLocked: true });
      await provePassword(room, principal.id, password);
      await sessions.unlock(principal);
      return sessions.verify(token);
    }),
    signOut: inTurn((principal, everywhere) =>
      everywhere
        ? sessions.end(sessions.of(principal.id), 'everywhere', principal)
        : sessions.end([principal.session], 'signed-out', principal),
    ),
    reauthenticate: inTurn(async (principal, proof) => {
      requireHuman(room, principal);
      return prove(room, principal.id, proof);
    }),
    changePassword: inTurn(account.changePassword),
    beginSecondFactor: inTurn(account.beginSecondFactor),
    confirmSecondFactor: inTurn(account.confirmSecondFactor),
    renewRecoveryCodes: inTurn(account.renewRecoveryCodes),
    self: (principal) => ownView(requirePerson(room, principal.id)),
    people: () => livingPeople(room).map((person) => viewOf(room, person)),
    nameOf: (id) => nameOf(room, id),
    humanBehind: (id) => humanBehind(room, id),
    alone: (permission, forMs) => isAlone(room, permission, forMs),
    invite: inTurn(invitations.invite),
    invitations: invitations.list,
    withdrawInvitation: inTurn(invitations.withdraw),
    acceptInvitation: inTurn(invitations.accept),
    setRole: inTurn(members.setRole),
    setAlias: inTurn(members.setAlias),
    remove: inTurn(members.remove),
    resetSecondFactor: inTurn(members.resetSecondFactor),
    signOutPerson: inTurn(members.signOutPerson),
    apiKeys: apiKeys.list,
    createApiKey: inTurn(apiKeys.create),
    revokeApiKey: inTurn(apiKeys.revoke),
    verifyApiKey: apiKeys.verify,
    devices: devices.list,
    registerDevice: inTurn(devices.register),
    removeDevice: inTurn(devices.remove),
    deviceKey: devices.find,
    deviceBinding: devices.bindingOf,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => {
      listeners.clear();
      db.close();
    },
  };
}

function furnishRoom(db: PeopleDb, options: OpenIdentityOptions, listeners: ReadonlySet<Listener>): Room {
  const { tenant, clock, random, audit, device, allowed, onWarning = () => {}, canRecord = () => true } = options;
  const recorder = createRecorder({ db, audit, clock, canRecord, onWarning });
  return {
    tenant,
    device,
    db,
    clock,
    random,
    recorder,
    attempts: createAttempts({ db, recorder, clock, device: { id: device.id }, onWarning }),
    canRecord,
    may: (role, permission) => allowed?.(role).includes(permission) ?? false,
    cost: () => options.passwordCost ?? db.get('settings', SETTINGS)?.passwordCost ?? LEAST_COST,
    notify: (what) => {
      for (const listener of listeners) {
        try {
          listener(what);
        } catch (error) {
          onWarning(error, 'a listener of identity failed'); // what happened has happened
        }
      }
    },
    onWarning,
  };
}

/** Tokens of a key that is gone can be neither used nor misused; their sessions are over. */
async function endUnknowable(db: PeopleDb, sessions: Sessions): Promise<void> {
  const left = db.list('session').filter(([, { ended }]) => ended === null);
  if (left.length > 0)
    await sessions.end(
      left.map(([id]) => id),
      'revoked',
      { type: 'user', id: 'causeway' },
    );
}

async function createOwner(
  room: Room,
  sessions: Sessions,
  input: NewPersonInput,
  { passwordCost }: OpenIdentityOptions,
): Promise<SignedIn> {
  if (room.db.peopled()) {
    const text = 'This workspace has its owner already. Sign in, or ask the owner for an invitation.';
    throw new CausewayError('conflict', text, { reason: 'has-people' });
  }
  const person = checkNewPerson(room, input);
  const cost = passwordCost ?? (await calibrateCost());
  const settings = room.db.get('settings', SETTINGS) ?? NO_SETTINGS;
  room.db.change((change) => change.put('settings', SETTINGS, { ...settings, passwordCost: cost }));
  const { person: owner, records } = await prepareNewPerson(room, person, { id: newId(room, 'u'), role: 'owner' });
  await room.recorder.act(records, 'so nobody was added', () =>
    room.db.change((change) => change.put('person', owner.id, owner.entry)),
  );
  room.notify('people');
  return sessions.open(owner, { method: 'first-run', secondFactor: null });
}
