import type { z } from 'zod';
import type { Clock } from '#main/platform/clock.ts';
import type { Random } from '#main/platform/random.ts';
import type { SecretStore } from '#main/platform/secret-store.ts';
import type { AuditWriter } from '#main/policy/audit-port.ts';
import type {
  ApiKeyView,
  DeviceView,
  InvitationView,
  NewApiKey,
  NewInvitation,
  OwnPerson,
  PersonView,
  SecondFactorSetup,
} from '#shared/ipc/access-views.ts';
import type { Permission, Reauthentication, Role } from '#shared/model/access.ts';
import type { ShownCodes } from './account.ts';
import type { NewApiKeyInput } from './api-keys.ts';
import { assembleIdentity } from './assemble.ts';
import type { DeviceBinding, NewDeviceInput, RegisteredDevice } from './devices.ts';
import type { NewPersonInput } from './new-person.ts';
import type { PasswordCost } from './passwords.ts';
import type { Principal } from './principal.ts';
import type { SignedIn } from './sessions.ts';
import type { SignInInput, SignInOutcome } from './sign-in.ts';

export type { NewPersonInput, PasswordCost, SignedIn, SignInInput, SignInOutcome };

/**
 * The people of one workspace, and who is signed in. Everything is on record before it takes effect. Whether a principal
 * may do something at all is asked of the permission policies before; what is refused here holds whatever those say.
 *
 * Every method that changes something rejects with `audit-unavailable` when the trail cannot be written, with
 * `keychain-unavailable` (`anchor-behind`) when the keychain did not take the change before, and as the disk fails; then
 * nothing was changed.
 */
export interface Identity {
  hasPeople(): boolean;
  /** Only while there are no people. @throws CausewayError `conflict` (`has-people`), `bad-input` */
  createOwner(input: NewPersonInput): Promise<SignedIn>;
  /** @throws CausewayError `reauthentication-required` (`credentials`, `code`), `rate-limited` (`lockout`, with `until`) */
  signIn(input: SignInInput): Promise<SignInOutcome>;
  /**
   * Checks everything about a token; does not extend the idle time unless `touch`. What is refused is on record, once for
   * each token and reason.
   * @throws CausewayError `sign-in-required` with the reason signature, algorithm, issuer, audience, expiry, not-yet-valid, tenant, session, malformed or locked
   */
  verifyToken(token: string, options?: { readonly touch?: boolean; readonly evenLocked?: boolean }): Promise<Principal>;
  lock(principal: Principal): Promise<void>;
  /** @throws CausewayError `reauthentication-required`, `rate-limited`, `sign-in-required` */
  unlock(token: string, password: string): Promise<Principal>;
  signOut(principal: Principal, everywhere: boolean): Promise<void>;
  /**
   * Counts towards the lockout; a code works once, and a recovery code does not pass here.
   * @throws CausewayError `reauthentication-required` (`password`, `code`), `rate-limited`, `denied` (`human-required`)
   */
  reauthenticate(principal: Principal, proof: Reauthentication): Promise<'password' | 'totp'>;
  changePassword(principal: Principal, current: string, next: string): Promise<void>;
  beginSecondFactor(principal: Principal, password: string): Promise<SecondFactorSetup>;
  confirmSecondFactor(principal: Principal, code: string): Promise<ShownCodes>;
  renewRecoveryCodes(principal: Principal, proof: Reauthentication): Promise<ShownCodes>;
  self(principal: Principal): z.infer<typeof OwnPerson>;
  people(): readonly PersonView[];
  /** As shown; a removed person's pseudonym; the id itself when unknown. */
  nameOf(id: string): string;
  /** The human behind an account, an alias or an API key: what four eyes compare. Unknown ids are themselves. */
  humanBehind(id: string): string;
  /**
   * Whether one human holds this permission, and no second one did within the last `forMs` milliseconds. One human, not
   * one account; a workspace that never had two is alone at once. False where {@link OpenIdentityOptions.allowed} is not given.
   */
  alone(permission: Permission, forMs: number): boolean;
  invite(by: Principal, input: { readonly email: string; readonly role: Role }): Promise<z.infer<typeof NewInvitation>>;
  invitations(): readonly InvitationView[];
  withdrawInvitation(by: Principal, id: string): Promise<void>;
  /** @throws CausewayError `denied` (`invitation`), `rate-limited`, `bad-input` */
  acceptInvitation(input: {
    readonly code: string;
    readonly name: string;
    readonly password: string;
  }): Promise<SignedIn>;
  /** @throws CausewayError `denied` (`owner-required`, `own-account`, `human-required`), `conflict` (`last-owner`), `not-found` */
  setRole(by: Principal, person: string, role: Role): Promise<PersonView>;
  /** @throws CausewayError as setRole, and `conflict` (`alias-cycle`) */
  setAlias(by: Principal, person: string, aliasOf: string | null): Promise<PersonView>;
  remove(by: Principal, person: string): Promise<void>;
  resetSecondFactor(by: Principal, person: string): Promise<PersonView>;
  signOutPerson(by: Principal, person: string): Promise<PersonView>;
  apiKeys(): readonly ApiKeyView[];
  createApiKey(by: Principal, input: NewApiKeyInput): Promise<z.infer<typeof NewApiKey>>;
  revokeApiKey(by: Principal, id: string): Promise<ApiKeyView>;
  /** @throws CausewayError `sign-in-required` (`api-key`) */
  verifyApiKey(key: string): Promise<Principal>;
  devices(): readonly DeviceView[];
  /** Only one's own. @throws CausewayError `denied` (`own-device`, `human-required`), `conflict` (`device-registered`, `device-of-another`) */
  registerDevice(by: Principal, input: NewDeviceInput): Promise<DeviceView>;
  removeDevice(by: Principal, id: string): Promise<void>;
  deviceKey(keyId: string): RegisteredDevice | null;
  /** Whose a key was registered as, by whom; also when the device was removed. */
  deviceBinding(keyId: string): DeviceBinding | null;
  /** `access`: somebody's session or rights changed. `people`: a list of people, invitations, keys or devices did. */
  subscribe(listener: (what: 'access' | 'people') => void): () => void;
  close(): void;
}

export interface OpenIdentityOptions {
  /** The folder of this tenant. */
  readonly folder: string;
  readonly tenant: string;
  readonly secrets: SecretStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly audit: AuditWriter;
  readonly device: { readonly id: string; readonly name: string };
  /** By default calibrated when the owner is created, never below OWASP's least. Tests give a small one. */
  readonly passwordCost?: PasswordCost | undefined;
  /** A session locks when nobody did anything for so long: 15 minutes. */
  readonly idleLockMs?: number | undefined;
  /**
   * False while the trail's history is broken and waits to be acknowledged. People then sign in, lock, unlock and
   * re-authenticate without a record, which is written as soon as it is possible again; everything else is refused. See
   * {@link Recorder}. Default: always true.
   */
  readonly canRecord?: (() => boolean) | undefined;
  /**
   * What a role may do. No API key is given, or keeps, more than its owner; an invitation counts while who gave it may
   * manage people; and it tells who is alone with a permission.
   */
  readonly allowed?: ((role: Role) => readonly Permission[]) | undefined;
  readonly onWarning?: ((error: unknown, what: string) => void) | undefined;
}

/**
 * Opens (and begins) the people of a workspace.
 * @throws CausewayError `keychain-unavailable` (`key-lost`), `audit-broken` (`other-workspace`, `people-gone`, `people-older`, `people-changed`), and as openDatabase
 */
export function openIdentity(options: OpenIdentityOptions): Promise<Identity> {
  return assembleIdentity(options);
}
