import { generateSync } from 'otplib';
import type { AuditStore } from '#main/audit/store.ts';
import { type Identity, openIdentity } from '#main/identity/identity.ts';
import type { PasswordCost } from '#main/identity/passwords.ts';
import type { Principal } from '#main/identity/principal.ts';
import { systemRandom } from '#main/platform/random.ts';
import type { SecretStore } from '#main/platform/secret-store.ts';
import { PERMISSIONS, type Role } from '#shared/model/access.ts';
import type { Cast, Player } from './cast.ts';
import { EXAMPLE } from './example.ts';
import type { ExampleClock } from './example-clock.ts';
import { type Act, DAY, HOUR, MINUTE } from './happening.ts';

export interface PeopleOptions {
  readonly folder: string;
  readonly secrets: SecretStore;
  readonly store: Pick<AuditStore, 'append'>;
  readonly clock: ExampleClock;
  readonly device: { readonly id: string; readonly name: string };
  readonly passwordCost?: PasswordCost | undefined;
}

export interface ExamplePeople {
  readonly identity: Identity;
  readonly cast: Cast;
}

const emailOf = (role: string) => `${role}@example.invalid`;

/** Real accounts, made by the identity room in the first hours of the history: everybody can sign in. */
export async function createPeople(options: PeopleOptions): Promise<ExamplePeople> {
  const { folder, secrets, store, clock, device, passwordCost } = options;
  const identity = await openIdentity({
    folder,
    tenant: EXAMPLE.tenant,
    secrets,
    clock,
    random: systemRandom,
    audit: store,
    device,
    allowed: (role) => (role === 'owner' ? PERMISSIONS : []),
    ...(passwordCost === undefined ? {} : { passwordCost }),
  });
  try {
    const { principal: owner } = await identity.createOwner({
      name: 'Example Owner',
      email: EXAMPLE.email,
      password: EXAMPLE.password,
    });
    const later = (ms: number) => clock.set(clock.now() + ms);
    const join = async (role: Role, name: string): Promise<Player> => {
      later(4 * MINUTE);
      const joined = await invite(identity, owner, role, name);
      later(MINUTE);
      await setUpSecondFactor(identity, joined, clock.now());
      later(2 * MINUTE);
      await identity.signOut(joined, false);
      return { id: joined.id, name, role };
    };
    const admin = await join('admin', 'Example Admin');
    const operator = await join('operator', 'Example Operator');
    const viewer = await join('viewer', 'Example Viewer');
    later(5 * MINUTE);
    const { apiKey } = await identity.createApiKey(owner, {
      label: 'Example alarm pipeline',
      scopes: ['incidents.import', 'incidents.read'],
      days: 365,
    });
    later(10 * MINUTE);
    await identity.signOut(owner, false);
    const cast = { owner: { id: owner.id, name: owner.name, role: 'owner' as const }, admin, operator, viewer };
    return { identity, cast: { ...cast, pipeline: apiKey.id, device } };
  } catch (error) {
    identity.close();
    throw error;
  }
}

async function invite(identity: Identity, owner: Principal, role: Role, name: string): Promise<Principal> {
  const email = emailOf(name.toLowerCase().replace('example ', ''));
  const { code } = await identity.invite(owner, { email, role });
  const { principal } = await identity.acceptInvitation({ code, name, password: EXAMPLE.password });
  return principal;
}

async function setUpSecondFactor(identity: Identity, person: Principal, now: number): Promise<void> {
  const { secret } = await identity.beginSecondFactor(person, EXAMPLE.password);
  await identity.confirmSecondFactor(person, generateSync({ secret, epoch: Math.floor(now / 1000) }));
}

/** The last hours, in which only the owner is here: the second factors of the others are taken away, so that whoever looks at the example can be any of them. */
export const LAST_HOURS = 12 * HOUR;

/** What happens to accounts in the course of the year: somebody joins with a second factor, changes and leaves; a key comes and goes. */
export function peopleChanges(
  identity: Identity,
  cast: Cast,
  clock: ExampleClock,
  from: number,
  to: number,
): readonly Act[] {
  let contractor = '';
  let key = '';
  const asOwner = (at: number, work: (owner: Principal) => Promise<void>): Act => ({
    at,
    act: async () => {
      const result = await identity.signIn({ email: EXAMPLE.email, password: EXAMPLE.password });
      if (result.step !== 'done') throw new Error('the example owner has no second factor');
      clock.set(at + 6 * MINUTE);
      await work(result.principal);
      clock.set(at + 11 * MINUTE);
      await identity.signOut(result.principal, false);
    },
  });
  const at = (days: number) => from + days * DAY + 2 * HOUR;
  return [
    asOwner(at(40), async (owner) => {
      const joined = await invite(identity, owner, 'operator', 'Example Contractor');
      contractor = joined.id;
      await setUpSecondFactor(identity, joined, clock.now());
      await identity.signOut(joined, false);
    }),
    asOwner(at(95), async (owner) => {
      const made = await identity.createApiKey(owner, {
        label: 'Example dashboard',
        scopes: ['trail.read'],
        days: 90,
      });
      key = made.apiKey.id;
    }),
    asOwner(at(120), async (owner) => {
      await identity.setRole(owner, contractor, 'viewer');
    }),
    asOwner(at(160), async (owner) => {
      await identity.revokeApiKey(owner, key);
    }),
    asOwner(at(200), async (owner) => identity.remove(owner, contractor)),
    asOwner(to - LAST_HOURS + HOUR, async (owner) => {
      for (const { id } of [cast.admin, cast.operator, cast.viewer]) await identity.resetSecondFactor(owner, id);
    }),
  ];
}
