import { z } from 'zod';
import type { AppendInput } from '#main/audit/append-input.ts';
import { seal } from '#main/audit/seal.ts';
import { CausewayError } from '#shared/errors.ts';
import { Email, Password, PersonName, type Role } from '#shared/model/access.ts';
import type { AuditAction } from '#shared/model/audit-actions.ts';
import type { Actor } from '#shared/model/audit-record.ts';
import { requireGoodPassword } from './password-rules.ts';
import { describeCost, hashPassword } from './passwords.ts';
import type { PersonEntry } from './people-entries.ts';
import { deviceOf } from './principal.ts';
import type { Room } from './room.ts';
import { findByEmail, type LivingPerson, normalizeEmail } from './roster.ts';

export interface NewPersonInput {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

const Input = z.strictObject({ name: PersonName, email: Email, password: Password });

/** What can be known to be wrong before there is a workspace. @throws CausewayError `bad-input` */
export function readNewPerson(input: NewPersonInput): NewPersonInput {
  const parsed = Input.safeParse({ ...input, email: normalizeEmail(input.email) });
  if (!parsed.success) {
    const text = 'Give a name, a whole e-mail address, and a password of at most 256 characters.';
    throw new CausewayError('bad-input', text, { reason: 'person', cause: parsed.error });
  }
  requireGoodPassword(parsed.data.password, parsed.data.email);
  return parsed.data;
}

/** @throws CausewayError `bad-input`, `conflict` with the reason `email-taken` */
export function checkNewPerson(room: Room, input: NewPersonInput): NewPersonInput {
  const person = readNewPerson(input);
  requireFreeEmail(room, person.email);
  return person;
}

export function requireFreeEmail(room: Room, email: string): void {
  if (findByEmail(room, email) === null) return;
  const text = 'Somebody with this e-mail address is in the workspace already.';
  throw new CausewayError('conflict', text, { reason: 'email-taken' });
}

/** A checked person, hashed, and the records to be written before the change that makes one of it. */
export interface PreparedPerson {
  readonly person: LivingPerson;
  /** That somebody was added comes last. */
  readonly records: readonly AppendInput<AuditAction>[];
}

export async function prepareNewPerson(
  room: Room,
  { name, email, password }: NewPersonInput,
  { id, role }: { readonly id: string; readonly role: Role },
): Promise<PreparedPerson> {
  const cost = room.cost();
  const hashed = await hashPassword(password, cost);
  const actor: Actor = { type: 'user', id };
  const common = { outcome: 'success' as const, actor, target: { type: 'user', id }, device: deviceOf(room) };
  const added = { user: id, role, name: seal(id, name), email: seal(id, email) };
  const set = { user: id, reason: 'first', parameters: describeCost(cost) };
  const entry: PersonEntry = {
    name,
    email,
    role,
    aliasOf: null,
    addedAt: room.clock.now(),
    removedAt: null,
    lastSignInAt: null,
    password: hashed,
    totp: null,
    pendingTotp: null,
    recovery: [],
  };
  return {
    person: { id, entry: { ...entry, name, email } },
    records: [
      { ...common, action: 'auth.password_changed', data: set },
      { ...common, action: 'tenant.user_added', data: added },
    ],
  };
}
