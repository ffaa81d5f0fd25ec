import { hash } from 'node:crypto';
import type { z } from 'zod';
import { CausewayError } from '#shared/errors.ts';
import type { InvitationView, NewInvitation } from '#shared/ipc/access-views.ts';
import { Email, Role } from '#shared/model/access.ts';
import type { Actor } from '#shared/model/audit-record.ts';
import { requireActor, requireHuman, requireOwnerFor } from './authority.ts';
import { readCode, writeCode } from './codes.ts';
import { checkNewPerson, prepareNewPerson, requireFreeEmail } from './new-person.ts';
import type { InvitationEntry } from './people-entries.ts';
import { actorOf, deviceOf, type Principal } from './principal.ts';
import { newId, type Room, toTime } from './room.ts';
import { findPerson, normalizeEmail } from './roster.ts';
import type { Sessions, SignedIn } from './sessions.ts';

const VALID_MS = 72 * 3_600_000;
/** 130 bits: nobody finds one by trying, so that a plain hash is enough. */
const CODE_BYTES = 16;
const NOTHING = 'so nothing was changed';
/** Wrong codes have no account; they slow each other down. */
const ACCOUNT = 'invitation';

export interface Invitations {
  invite(by: Principal, input: { readonly email: string; readonly role: Role }): Promise<z.infer<typeof NewInvitation>>;
  list(): readonly InvitationView[];
  withdraw(by: Principal, id: string): Promise<void>;
  accept(input: { readonly code: string; readonly name: string; readonly password: string }): Promise<SignedIn>;
}

const viewOf = ([id, { email, role, createdAt, expiresAt }]: readonly [string, InvitationEntry]): InvitationView => ({
  id,
  role,
  email,
  createdAt: toTime(createdAt),
  expiresAt: toTime(expiresAt),
});
const hashOf = (code: string) => hash('sha256', `invitation ${readCode(code)}`, 'hex');

export function createInvitations(room: Room, sessions: Sessions): Invitations {
  const { db, clock, recorder } = room;
  const open = () => db.list('invitation').filter(([, { expiresAt }]) => expiresAt > clock.now());
  const recordOf = (actor: Actor, id: string, old: string | null, now: string | null) => ({
    action: 'tenant.configuration_changed' as const,
    outcome: 'success' as const,
    actor,
    target: { type: 'invitation', id },
    device: deviceOf(room),
    data: { setting: 'people.invitation', old, new: now },
  });
  return {
    list: () => open().map(viewOf),
    invite: async (by, input) => {
      const actor = requireHuman(room, by);
      const role = Role.parse(input.role);
      requireOwnerFor(actor, role);
      const email = Email.safeParse(normalizeEmail(input.email));
      if (!email.success) throw new CausewayError('bad-input', 'This is no whole e-mail address.', { reason: 'email' });
      requireFreeEmail(room, email.data);
      if (open().some(([, invitation]) => invitation.email === email.data)) {
        const text = 'There is an open invitation for this e-mail address. Withdraw it first.';
        throw new CausewayError('conflict', text, { reason: 'invited' });
      }
      const id = newId(room, 'i');
      const code = writeCode(room.random.bytes(CODE_BYTES), 5);
      const createdAt = clock.now();
      const expiresAt = createdAt + VALID_MS;
      const given = recordOf(actorOf(by), id, null, `${role}, until ${toTime(expiresAt)}`);
      const entry = { email: email.data, role, createdAt, expiresAt, invitedBy: by.id, code: hashOf(code) };
      await recorder.act([given], NOTHING, () =>
        db.change((change) => {
          for (const [old, { expiresAt: end }] of db.list('invitation')) {
            if (end <= createdAt) change.delete('invitation', old); // nobody can use it, and it holds an address
          }
          change.put('invitation', id, entry);
        }),
      );
      room.notify('people');
      return { invitation: viewOf([id, entry]), code };
    },
    withdraw: async (by, id) => {
      const actor = requireActor(room, by);
      const entry = db.get('invitation', id);
      if (entry === null) throw new CausewayError('not-found', 'This invitation is no longer open.');
      requireOwnerFor(actor, entry.role);
      await recorder.act([recordOf(actorOf(by), id, entry.role, null)], NOTHING, () =>
        db.change((change) => change.delete('invitation', id)),
      );
      room.notify('people');
    },
    accept: async ({ code, name, password }) => {
      const attempt = await room.attempts.begin(ACCOUNT, 'invitation');
      const wanted = hashOf(code);
      const found = open().find(([, invitation]) => invitation.code === wanted);
      if (found === undefined || !isStillMeant(room, found[1])) {
        await attempt.fail('unknown-invitation');
        const text =
          'This invitation is not open: the code is wrong, was used, withdrawn, is older than 72 hours, or who gave it no longer manages people. Ask for a new one.';
        throw new CausewayError('denied', text, { reason: 'invitation' });
      }
      attempt.succeed();
      const [invitation, { email, role }] = found;
      const person = checkNewPerson(room, { name, email, password });
      const id = newId(room, 'u');
      const { person: added, records } = await prepareNewPerson(room, person, { id, role });
      const accepted = recordOf({ type: 'user', id }, invitation, role, `accepted by ${id}`);
      await recorder.act([accepted, ...records], 'so nobody was added', () =>
        db.change((change) => {
          change.put('person', id, added.entry);
          change.delete('invitation', invitation);
        }),
      );
      room.notify('people');
      return sessions.open(added, { method: 'invitation', secondFactor: null });
    },
  };
}

/** Whoever invited is still here, still manages people, and may still give this role. */
function isStillMeant(room: Room, { invitedBy, role }: InvitationEntry): boolean {
  const inviter = findPerson(room, invitedBy);
  if (inviter === null || !room.may(inviter.entry.role, 'people.manage')) return false;
  return role !== 'owner' || inviter.entry.role === 'owner';
}
