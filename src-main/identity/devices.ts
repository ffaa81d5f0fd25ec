import { keyIdOf, readKey } from '#main/audit/keys.ts';
import { CausewayError } from '#shared/errors.ts';
import type { DeviceView } from '#shared/ipc/access-views.ts';
import { requireActor, requireHuman, requireOwnerFor } from './authority.ts';
import type { DeviceEntry } from './people-entries.ts';
import { actorOf, deviceOf, type Principal } from './principal.ts';
import { newId, type Room, toTime } from './room.ts';
import { findPerson, requirePerson } from './roster.ts';

/** A device's key as it is registered. */
export interface RegisteredDevice {
  readonly device: DeviceView;
  readonly spki: Uint8Array;
}

/** Devices whose key may sign decisions of their person that come by file. */
export interface Devices {
  list(): readonly DeviceView[];
  /** @param input `spki`: SubjectPublicKeyInfo DER of an Ed25519 key */
  register(by: Principal, input: NewDeviceInput): Promise<DeviceView>;
  remove(by: Principal, id: string): Promise<void>;
  find(keyId: string): RegisteredDevice | null;
}

export interface NewDeviceInput {
  readonly person: string;
  readonly label: string;
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
  return {
    list: () => db.list('device').map(([id, entry]) => viewOf(id, entry)),
    register: async (by, { person: owner, label, spki }) => {
      const actor = requireHuman(room, by);
      const person = requirePerson(room, owner);
      requireOwnerFor(actor, person.entry.role); // a key for an owner speaks for an owner
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
      const id = newId(room, 'dk');
      await record(by, id, null, `key ${keyId} of ${person.id}`);
      const entry = { keyId, spki: encoded, person: person.id, label: name, registeredAt: clock.now() };
      const registered = { ...entry, registeredBy: by.id };
      db.change((change) => change.put('device', id, registered));
      room.notify('people');
      return viewOf(id, registered);
    },
    remove: async (by, id) => {
      requireActor(room, by);
      const entry = db.get('device', id);
      if (entry === null) throw new CausewayError('not-found', 'This device is not registered.');
      await record(by, id, `key ${entry.keyId} of ${entry.person}`, null);
      db.change((change) => change.delete('device', id));
      room.notify('people');
    },
    find: (keyId) => {
      const found = db.list('device').find(([, device]) => device.keyId === keyId);
      if (found === undefined) return null;
      const entry = db.get('device', found[0]);
      if (entry === null || findPerson(room, entry.person) === null) return null;
      return { device: viewOf(found[0], entry), spki: Buffer.from(entry.spki, 'base64') };
    },
  };
}
