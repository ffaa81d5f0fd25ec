import type { AppendInput } from '#main/audit/append-input.ts';
import { CausewayError } from '#shared/errors.ts';
import type { PersonView } from '#shared/ipc/access-views.ts';
import { Role } from '#shared/model/access.ts';
import type { AuditAction } from '#shared/model/audit-actions.ts';
import {
  requireActor,
  requireAnother,
  requireHuman,
  requireOwnerFor,
  requireOwnerForHumans,
  requireOwnerLeft,
} from './authority.ts';
import { noteCompany } from './company.ts';
import { actorOf, deviceOf, type Principal } from './principal.ts';
import type { Room } from './room.ts';
import { humanBehind, requirePerson, viewOf } from './roster.ts';
import type { Sessions } from './sessions.ts';

/** What people who manage people do to others. Whether somebody may manage people at all was asked before. */
export interface Members {
  /** Ends the person's sessions: what was open under the old role does not go on under it. */
  setRole(by: Principal, person: string, role: Role): Promise<PersonView>;
  /** Says that two accounts are one human; the other one may be of somebody removed. */
  setAlias(by: Principal, person: string, aliasOf: string | null): Promise<PersonView>;
  /** The pseudonym stays, name and everything else personal goes; sessions, keys and devices end. */
  remove(by: Principal, person: string): Promise<void>;
  resetSecondFactor(by: Principal, person: string): Promise<PersonView>;
  signOutPerson(by: Principal, person: string): Promise<PersonView>;
}

const NOTHING = 'so nothing was changed';
/** What is left of somebody who was removed. */
const NOBODY = {
  name: null,
  email: null,
  lastSignInAt: null,
  password: null,
  totp: null,
  pendingTotp: null,
  recovery: [],
};

export function createMembers(room: Room, sessions: Sessions): Members {
  const { db, recorder } = room;
  const common = (by: Principal, type: string, id: string) => ({
    outcome: 'success' as const,
    actor: actorOf(by),
    target: { type, id },
    device: deviceOf(by),
  });
  const changed = (person: string): PersonView => {
    room.notify('people');
    room.notify('access');
    return viewOf(room, requirePerson(room, person));
  };
  /** Everything that hangs on a person, and the records of its end. */
  const belongingsOf = (by: Principal, person: string) => {
    const keys = db.list('api-key').filter(([, key]) => key.owner === person && key.revokedAt === null);
    const records: AppendInput<AuditAction>[] = keys.map(([id]) => {
      const data = { apiKey: id, reason: 'owner-removed' };
      return { ...common(by, 'api_key', id), action: 'auth.api_key_revoked', data };
    });
    const devices = db.list('device').filter(([, device]) => device.person === person);
    const invitations = db.list('invitation').filter(([, invitation]) => invitation.invitedBy === person);
    for (const [kind, rows] of [
      ['device', devices],
      ['invitation', invitations],
    ] as const) {
      for (const [id] of rows) {
        const data = { setting: `people.${kind}`, old: id, new: null };
        records.push({ ...common(by, kind, id), action: 'tenant.configuration_changed', data });
      }
    }
    return { keys, devices, invitations, records };
  };
  return {
    setRole: async (by, id, wanted) => {
      const actor = requireHuman(room, by);
      const person = requirePerson(room, id);
      const role = Role.parse(wanted);
      const old = person.entry.role;
      if (role === old) return viewOf(room, person);
      if (role !== 'owner') requireOwnerLeft(room, person);
      requireAnother(room, actor, person);
      requireOwnerFor(actor, old, role);
      const data = { user: id, old, new: role };
      const open = sessions.of(id);
      const records: AppendInput<AuditAction>[] = [
        ...sessions.endRecords(open, 'role-changed', by),
        { ...common(by, 'user', id), action: 'tenant.user_role_changed', data },
      ];
      await recorder.act(records, NOTHING, () =>
        db.change((change) => {
          noteCompany(room, change);
          change.put('person', id, { ...requirePerson(room, id).entry, role });
          sessions.markEnded(change, open, 'role-changed');
        }),
      );
      return changed(id);
    },
    setAlias: async (by, id, aliasOf) => {
      const actor = requireHuman(room, by);
      const person = requirePerson(room, id);
      const old = person.entry.aliasOf;
      if (aliasOf === old) return viewOf(room, person);
      requireAnother(room, actor, person);
      if (aliasOf !== null) {
        if (db.get('person', aliasOf) === null) {
          throw new CausewayError('not-found', 'There is no such account in this workspace.');
        }
        if (humanBehind(room, aliasOf) === humanBehind(room, id)) {
          const text = 'These accounts already stand for the same human, so neither can be made an alias of the other.';
          throw new CausewayError('conflict', text, { reason: 'alias-cycle' });
        }
      }
      requireOwnerForHumans(room, actor, id, ...(aliasOf === null ? [] : [aliasOf]));
      const data = { setting: 'people.alias', old, new: aliasOf };
      const record = { ...common(by, 'user', id), action: 'tenant.configuration_changed' as const, data };
      await recorder.act([record], NOTHING, () =>
        db.change((change) => {
          noteCompany(room, change);
          change.put('person', id, { ...requirePerson(room, id).entry, aliasOf });
        }),
      );
      return changed(id);
    },
    remove: async (by, id) => {
      const actor = requireHuman(room, by);
      const person = requirePerson(room, id);
      requireOwnerLeft(room, person);
      requireAnother(room, actor, person);
      requireOwnerFor(actor, person.entry.role);
      const data = { user: id, reason: 'removed' };
      const open = sessions.of(id);
      const { keys, devices, invitations, records } = belongingsOf(by, id);
      const all: AppendInput<AuditAction>[] = [
        ...sessions.endRecords(open, 'removed', by),
        ...records,
        { ...common(by, 'user', id), action: 'tenant.user_removed', data },
      ];
      const now = room.clock.now();
      const { role, aliasOf, addedAt } = person.entry;
      await recorder.act(all, NOTHING, () =>
        db.change((change) => {
          noteCompany(room, change);
          change.put('person', id, { ...NOBODY, role, aliasOf, addedAt, removedAt: now });
          for (const [key, entry] of keys) change.put('api-key', key, { ...entry, revokedAt: now });
          for (const [device] of devices) change.delete('device', device);
          for (const [invitation] of invitations) change.delete('invitation', invitation);
          change.delete('lockout', id);
          sessions.markEnded(change, open, 'removed');
        }),
      );
      db.forget();
      room.notify('people');
      room.notify('access');
    },
    resetSecondFactor: async (by, id) => {
      const actor = requireHuman(room, by);
      const person = requirePerson(room, id);
      requireAnother(room, actor, person);
      requireOwnerFor(actor, person.entry.role);
      const data = { user: id, method: 'none', reset: true };
      const open = sessions.of(id);
      const records: AppendInput<AuditAction>[] = [
        ...sessions.endRecords(open, 'revoked', by),
        { ...common(by, 'user', id), action: 'auth.mfa_enrolled', data },
      ];
      await recorder.act(records, NOTHING, () =>
        db.change((change) => {
          const { entry } = requirePerson(room, id);
          change.put('person', id, { ...entry, totp: null, pendingTotp: null, recovery: [] });
          sessions.markEnded(change, open, 'revoked');
        }),
      );
      return changed(id);
    },
    signOutPerson: async (by, id) => {
      const actor = requireActor(room, by);
      const person = requirePerson(room, id);
      requireOwnerFor(actor, person.entry.role);
      await sessions.end(sessions.of(id), 'revoked', by);
      return changed(id);
    },
  };
}
