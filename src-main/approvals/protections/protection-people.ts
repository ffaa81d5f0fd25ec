import type { Principal } from '#main/identity/principal.ts';
import { CausewayError } from '#shared/errors.ts';
import type { Reauthentication } from '#shared/model/access.ts';
import type { KeptRequest } from './request-book.ts';

/** The people of the workspace, as far as two-person changes go. */
export interface ProtectionPeople {
  /** How many humans there are, however many accounts they have. */
  humans(): number;
  humanBehind(id: string): string;
  nameOf(id: string): string;
  /** @throws CausewayError `reauthentication-required` */
  reauthenticate(principal: Principal, proof: Reauthentication): Promise<'password' | 'totp'>;
}

export const API_KEY = 'An API key decides nothing of this: sign in.';
export const SAME_HUMAN = 'You asked for this change; another person has to agree to it.';

/** As a request keeps them. */
export function somebody({ id, name, device }: Principal): KeptRequest['requestedBy'] {
  return { id, name, device: device.id };
}

/** @throws CausewayError `denied` (`api-key`) */
export function requirePerson({ type }: Principal): void {
  if (type !== 'user') throw new CausewayError('denied', API_KEY, { reason: 'api-key' });
}
