import type { Principal } from '#main/identity/principal.ts';
import { CausewayError } from '#shared/errors.ts';
import type { Permission, Reauthentication } from '#shared/model/access.ts';
import type { KeptChange } from './change.ts';
import type { KeptRequest } from './request-book.ts';

/** The people of the workspace, as far as two-person changes go. */
export interface ProtectionPeople {
  /**
   * Whether one human alone may decide on changes of protections, and no second one could for long enough that nobody can
   * have been sent away for it.
   */
  alone(): boolean;
  /** Whether this account is of somebody who is here and may do this now, by their role. */
  mayNow(id: string, permission: Permission): boolean;
  /** The human behind an account, an alias or an API key; an id that is not known is itself. */
  humanBehind(id: string): string;
  /** Every account of a human that there is now. */
  accountsOf(human: string): readonly string[];
  nameOf(id: string): string;
  /** @throws CausewayError `reauthentication-required` */
  reauthenticate(principal: Principal, proof: Reauthentication): Promise<'password' | 'totp'>;
}

export const API_KEY = 'An API key decides nothing of this: sign in.';
export const SAME_HUMAN = 'You asked for this change; another person has to agree to it.';

/** What asking for a change takes. */
export const MAY_ASK = {
  'policy-change': 'policies.change',
  'key-rotation': 'keys.rotate',
  'break-acknowledgement': 'history.acknowledge',
} as const satisfies Readonly<Record<KeptChange['kind'], Permission>>;

/** Every id that the human who asks is known by at this moment: undoing an alias afterwards makes no second person of them. */
export function everyAccount(people: ProtectionPeople, { id, human }: Principal): string[] {
  const behind = people.humanBehind(id);
  return [...new Set([id, human, behind, ...people.accountsOf(behind)])].slice(0, MOST_ACCOUNTS);
}

/** As many are kept. */
export const MOST_ACCOUNTS = 100;

/** As a request keeps them. */
export function somebody({ id, name, device }: Principal): KeptRequest['requestedBy'] {
  return { id, name, device: device.id };
}

/** @throws CausewayError `denied` (`api-key`) */
export function requirePerson({ type }: Principal): void {
  if (type !== 'user') throw new CausewayError('denied', API_KEY, { reason: 'api-key' });
}
