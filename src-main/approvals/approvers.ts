import type { Permission, Reauthentication } from '#shared/model/access.ts';
import type { Principal } from '../identity/principal.ts';

/** The people of a workspace, as far as approvals need to know them. */
export interface Approvers {
  /** Everybody who may decide on plans now, by account, with the human behind it. */
  eligible(): readonly { readonly id: string; readonly human: string }[];
  /** The human behind an account, an alias or an API key; an id that is not known is itself. */
  humanBehind(id: string): string;
  /** As shown; the id itself when it is not known. */
  nameOf(id: string): string;
  /** Whether this account is of somebody who is here and may do this now, by their role; nothing else has it. */
  mayNow(id: string, permission: Permission): boolean;
  /** Whose a device key was registered as, and by whom; also when it was removed. Null when it never was. */
  deviceBinding(keyId: string): { readonly person: string; readonly registeredBy: string } | null;
  /** What their role, and of an API key its scopes, permit. Nothing is recorded. */
  may(by: Principal, permission: Permission): boolean;
  /** Resolves with how it was proved. @throws CausewayError `reauthentication-required`; counts towards the lockout */
  reauthenticate(by: Principal, proof: Reauthentication): Promise<'password' | 'totp'>;
}
