import { keyIdOf, readKey } from '#main/audit/keys.ts';
import { CausewayError } from '#shared/errors.ts';
import type { DeviceView } from '#shared/ipc/access-views.ts';
import { requireActor, requireHuman, requireOwnerFor } from './authority.ts';
import type { DeviceBindingEntry, DeviceEntry } from './people-entries.ts';
import { actorOf, deviceOf, type Principal } from './principal.ts';
import { newId, type Room, toTime } from './room.ts';
import { findPerson } from './roster.ts';

/** A device's key as it is registered. */
export interface RegisteredDevice {
  readonly device: DeviceView;
  readonly spki: Uint8Array;
}

/** Whose a device key is, and who said so. */
export type DeviceBinding = Readonly<DeviceBindingEntry>;

/**
 * Devices whose key may sign decisions of their person that come by file. Only that person registers one: whoever could
 * register a key for somebody else could decide in their name, and be two people.
 */
export interface Devices {
  list(): readonly DeviceView[];
  /** @throws CausewayError `denied` (`own-device`, `human-required`), `bad-input`, `conflict` (`device-registered`, `device-of-another`) */
  register(by: Principal, input: NewDeviceInput): Promise<DeviceView>;
  /** The own one, or that of somebody the principal manages. @throws CausewayError `denied` (`owner-required`), `not-found` */
  remove(by: Principal, id: string): Promise<void>;
  find(keyId: string): RegisteredDevice | null;
  /** Also of a device that was removed; null when the key was never registered. */
  bindingOf(keyId: string): DeviceBinding | null;
}

export interface NewDeviceInput {
  /** Whoever registers it. */
  readonly person: string;
  readonly label: string;
  /** SubjectPublicKeyInfo DER of an Ed25519 key. */
  readonly spki: Uint8Array;
}

const viewOf = (id: string, { keyId, person, label, registeredAt, registeredBy }: DeviceEntry): DeviceView => ({
  id,
  keyId,
  person,
  label,
  registeredAt: toTime(registeredAt),
  registeredBy,
});

export function createDevices(room: Room): Devices {
  const { db, clock, recorder } = room;
  const record = (by: Principal, id: string, old: string | null, now: string | null) =>
    recorder.before(
      {
        action: 'tenant.configuration_changed',
        outcome: 'success',
        actor: actorOf(by),
        target: { type: 'device', id },
        device: deviceOf(by),
        data: { setting: 'people.device', old, new: now },
      },
      'so nothing was changed',
    );
  const bindingOf = (keyId: string): DeviceBinding | null => {
    const bound = db.get('device-binding', keyId);
    if (bound !== null) return bound;
    const found = db.list('device').find(([, device]) => device.keyId === keyId)?.[1];
    return found === undefined ? null : { person: found.person, registeredBy: found.registeredBy };
  };
  return {
    list: () => db.list('device').map(([id, entry]) => viewOf(id, entry)),
    register: async (by, { person: owner, label, spki }) => {
      const person = requireHuman(room, by);
      if (owner !== person.id) {
        const text = 'Only the person a device belongs to can register it: they sign in here and do it themselves.';
        throw new CausewayError('denied', text, { reason: 'own-device' });
      }
      const name = label.trim();
      if (name.length < 1 || name.length > 100) {
        throw new CausewayError('bad-input', 'Give the device a name of at most 100 characters.', { reason: 'label' });
      }
      const keyId = keyIdOf(spki);
      const encoded = Buffer.from(spki).toString('base64');
      if (typeof readKey({ id: keyId, alg: 'Ed25519', spki: encoded }) === 'string') {
        throw new CausewayError('bad-input', 'This is no public key of a device.', { reason: 'device-key' });
      }
      if (db.list('device').some(([, device]) => device.keyId === keyId)) {
        throw new CausewayError('conflict', 'This device is registered already. Remove it first.', {
          reason: 'device-registered',
        });
      }
      if ((bindingOf(keyId)?.person ?? person.id) !== person.id) {
        const text = 'This key was registered for somebody else before, so it cannot be yours. Make a new one.';
        throw new CausewayError('conflict', text, { reason: 'device-of-another' });
      }
      const id = newId(room, 'dk');
      await record(by, id, null, `key ${keyId} of ${person.id}`);
      const entry = { keyId, spki: encoded, person: person.id, label: name, registeredAt: clock.now() };
      const registered = { ...entry, registeredBy: by.id };
      db.change((change) => {
        change.put('device', id, registered);
        change.put('device-binding', keyId, { person: person.id, registeredBy: by.id });
      });
      room.notify('people');
      return viewOf(id, registered);
    },
    remove: async (by, id) => {
      const actor = requireActor(room, by);
      const entry = db.get('device', id);
      if (entry === null) throw new CausewayError('not-found', 'This device is not registered.');
      const { role } = findPerson(room, entry.person)?.entry ?? {};
      if (entry.person !== by.id && role !== undefined) requireOwnerFor(actor, role);
      await record(by, id, `key ${entry.keyId} of ${entry.person}`, null);
      const { keyId, person, registeredBy } = entry;
      db.change((change) => {
        change.delete('device', id);
        if (bindingOf(keyId) === null) change.put('device-binding', keyId, { person, registeredBy });
      });
      room.notify('people');
    },
    bindingOf,
    find: (keyId) => {
      const found = db.list('device').find(([, device]) => device.keyId === keyId);
      if (found === undefined) return null;
      const entry = db.get('device', found[0]);
      if (entry === null || findPerson(room, entry.person) === null) return null;
      return { device: viewOf(found[0], entry), spki: Buffer.from(entry.spki, 'base64') };
    },
  };
}
