import { ACCOUNT_RULE, countFailure, NO_FAILURES, remainingLock } from '#main/identity/lockout.ts';
import { CHANNELS, CONTRACT } from '#shared/ipc/contract.ts';
import { PERMISSIONS, Role } from '#shared/model/access.ts';
import type { Parts } from '../../parts.ts';
import { type Found, fails, holds, partial } from './found.ts';

/** What a viewer may do at most: look, and verify. */
const LOOKING = /(\.read|^trail\.verify)$/;

/** The permission policies, asked for every role. */
export async function checkRoles({ permissions }: Parts): Promise<Found> {
  const allowed = Object.fromEntries(Role.options.map((role) => [role, permissions.allowed(role)]));
  const looked = { version: permissions.version, allowed };
  const changing = (allowed.viewer ?? []).filter((permission) => !LOOKING.test(permission));
  if (changing.length > 0) return fails(`A viewer may do more than look: ${changing.join(', ')}.`, looked);
  if ((allowed.owner ?? []).length !== PERMISSIONS.length) return fails('The owner may not do everything.', looked);
  return holds(
    `${PERMISSIONS.length} permissions were asked of the policies for ${Role.options.length} roles; a viewer only looks and verifies.`,
    looked,
  );
}

/** Keys of programs. */
export async function checkApiKeys({ identity }: Parts): Promise<Found> {
  const keys = identity.apiKeys().filter(({ revokedAt }) => revokedAt === null);
  const endless = keys.filter(({ expiresAt }) => expiresAt === null).map(({ id }) => id);
  const looked = keys.map(({ id, scopes, expiresAt }) => ({ id, scopes, expiresAt }));
  if (endless.length > 0)
    return partial(`${endless.length} of ${keys.length} keys never expire: ${endless.join(', ')}.`, looked);
  return holds(
    keys.length === 0
      ? 'There is no API key. One would be shown once, kept as a hash, and expire.'
      : `${keys.length} keys, each with scopes and an end; only their hashes are kept.`,
    looked,
  );
}

/** What is left of people who are gone. */
export async function checkLeavers({ identity }: Parts): Promise<Found> {
  const here = new Set(identity.people().map(({ id }) => id));
  const keys = identity.apiKeys().filter(({ owner, revokedAt }) => revokedAt === null && !here.has(owner));
  const devices = identity.devices().filter(({ person }) => !here.has(person));
  const looked = { people: here.size, keys: keys.map(({ id }) => id), devices: devices.map(({ id }) => id) };
  if (keys.length + devices.length > 0) {
    return fails(`${keys.length} keys and ${devices.length} devices of people who are gone still count.`, looked);
  }
  return holds(`No key and no device of anybody but the ${here.size} people who are here counts.`, looked);
}

/** That lockouts grow is looked at; limits by plan are not there yet. */
export async function checkRateLimits(): Promise<Found> {
  const locks: number[] = [];
  let entry = NO_FAILURES;
  for (let failure = 0; failure < 12; failure += 1) {
    entry = countFailure(entry, ACCOUNT_RULE, 0);
    locks.push(remainingLock(entry, 0));
  }
  const growing = locks.every((lock, index) => index === 0 || lock >= (locks[index - 1] ?? 0));
  const looked = { lockMs: locks };
  if (!growing || locks.at(-1) === 0) return fails('Locks do not grow with failures.', looked);
  return partial(
    'Sign-in is slowed down per account and for the whole workspace, and the window may ask only so often; limits by tenant and plan are not there, as there is no server.',
    looked,
  );
}

/** What the page may send: every channel is tried with what it does not know. */
export async function checkInput(): Promise<Found> {
  const loose = CHANNELS.filter((channel) => CONTRACT[channel].input.safeParse({ unknownMember: 1 }).success);
  const shapeless = CHANNELS.filter((channel) => CONTRACT[channel].input.safeParse('no object').success);
  const looked = { channels: CHANNELS.length, loose, shapeless };
  if (loose.length + shapeless.length > 0) {
    return fails(`Channels that take what they do not know: ${[...loose, ...shapeless].join(', ')}.`, looked);
  }
  return holds(`${CHANNELS.length} channels refuse unknown members and values of another shape.`, looked);
}
