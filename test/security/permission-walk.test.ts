import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COMMAND_ACCESS } from '#main/cli/access.ts';
import type { Workspace } from '#main/console.ts';
import type { Principal } from '#main/identity/principal.ts';
import { CHANNELS, type Channel, CONTRACT } from '#shared/ipc/contract.ts';
import { type Access, PERMISSIONS, type Permission, Role } from '#shared/model/access.ts';
import { OPERATOR } from '../support/peopled-console.ts';
import { makeWorkspace, openQuickDesk, type QuickDesk, recordsIn, signInBeside } from '../support/quick-station.ts';
import { CHANNEL_ACCESS, COMMANDS, MAY, NO_KEY_MAY } from './permission-table.ts';

/** A whole workspace is opened on a machine that does other things, too. */
const SLOW = 120_000;
const roles = Role.options;
const person = (role: Role) => ({
  email: `a-${roles.indexOf(role)}@walk.example`,
  password: `plain words for the ${role}`,
});

let quick: QuickDesk;
let workspace: Workspace;
/** The owner as the records are read with. */
let reader: Principal;
const people = new Map<Role, Principal>();

beforeAll(async () => {
  quick = await openQuickDesk();
  workspace = await makeWorkspace(quick, 'Walked');
  ({ principal: reader } = await signInBeside(workspace, OPERATOR));
  for (const role of roles) {
    const { email, password } = person(role);
    const { code } = await workspace.identity.invite(reader, { email, role });
    const { principal } = await workspace.identity.acceptInvitation({ code, name: `The ${role}`, password });
    people.set(role, principal);
  }
}, SLOW);
afterAll(() => quick.end());

/** Everybody's refusals on record, as `actor permission reason`. */
const refusals = (by = reader, where = workspace) =>
  recordsIn(where, by, 'auth.access_denied').map(
    ({ record, data }) => `${record.actor.id} ${data.permission} ${data.reason}`,
  );

/** @securityTest Each channel names the permission a list written by hand says; a new channel without thought fails */
describe('what is asked for', () => {
  test('by each channel', () => {
    const contract = Object.fromEntries(CHANNELS.map((channel) => [channel, CONTRACT[channel].access]));
    const byHand = Object.entries(CHANNEL_ACCESS).flatMap(([access, channels]) =>
      channels.map((channel) => [channel, access] as const),
    );
    expect(new Set(byHand.map(([channel]) => channel)).size).toBe(byHand.length);
    expect(contract).toEqual(Object.fromEntries(byHand));
  });

  test('by each command', () => {
    expect(COMMAND_ACCESS).toEqual(COMMANDS);
  });

  test('is known for every permission, and shown in the matrix as the policies answer', () => {
    for (const role of roles) expect([...workspace.permissions.allowed(role)].sort()).toEqual([...MAY[role]].sort());
    const { rows } = workspace.permissions.matrix();
    expect(rows.map(({ permission }) => permission)).toEqual([...PERMISSIONS]);
    for (const { permission, allowed } of rows) {
      for (const role of roles)
        expect([permission, role, allowed[role]]).toEqual([permission, role, may(role, permission)]);
    }
  });
});

const may = (role: Role, access: Access) => access === 'signed-in' || access === 'public' || MAY[role].includes(access);

/** Channels the door admits somebody for; a public one is answered before anybody is looked for. */
const guarded = CHANNELS.flatMap((channel: Channel) => {
  const { access } = CONTRACT[channel];
  return access === 'public' ? [] : [{ channel, access }];
});

/** @securityTest Every channel × every role: admitted as the table says, otherwise refused and on record */
describe.each(roles)('at the window, signed in as %s', (role) => {
  test('each channel', { timeout: SLOW }, async () => {
    const signedIn = await quick.desk.flows['access.signIn'](person(role));
    expect(signedIn).toMatchObject({ step: 'done', state: { stage: 'open', person: { role } } });
    const before = new Set(refusals());
    for (const { channel, access } of guarded) {
      const admitted = quick.desk.admit(access);
      if (may(role, access)) {
        const caller = await admitted;
        expect([channel, caller.principal.role, caller.workspace.tenant]).toEqual([channel, role, 'walked']);
      } else {
        await expect(admitted, `${channel} as ${role}`).rejects.toMatchObject({ code: 'denied', reason: 'permission' });
      }
    }
    const asked = new Set(guarded.map(({ access }) => access));
    const refused = [...asked].filter((access) => !may(role, access));
    const id = people.get(role)?.id;
    const recorded = refusals().filter((one) => !before.has(one));
    expect(recorded.sort()).toEqual(refused.map((access) => `${id} ${access} role`).sort());
  });
});

/** @securityTest Every terminal command × every role: permitted as the table says, otherwise refused and on record */
test.each(roles)('each command as %s', { timeout: SLOW }, async (role) => {
  const principal = people.get(role);
  if (principal === undefined) throw new Error(`there is no ${role}`);
  for (const [command, access] of Object.entries(COMMANDS)) {
    if (access === 'public' || access === 'signed-in') continue;
    const asked = workspace.permissions.demand(principal, access);
    if (may(role, access)) await expect(asked, `${command} as ${role}`).resolves.toBeUndefined();
    else {
      await expect(asked, `${command} as ${role}`).rejects.toMatchObject({ code: 'denied', reason: 'permission' });
      expect(refusals()).toContain(`${principal.id} ${access} role`);
    }
  }
});

/** @securityTest An API key does only what it was made for, and nothing a person has to answer for, whatever its scopes */
test('each permission with an API key of the owner', { timeout: SLOW }, async () => {
  const owner = people.get('owner');
  if (owner === undefined) throw new Error('there is no owner');
  const make = async (scopes: readonly Permission[]) => {
    const { key } = await workspace.identity.createApiKey(owner, { label: 'walk', scopes: [...scopes], days: 1 });
    return workspace.identity.verifyApiKey(key);
  };
  const everything = await make(PERMISSIONS);
  const reading = await make(['incidents.read']);
  for (const permission of PERMISSIONS) {
    const asked = workspace.permissions.demand(everything, permission);
    if (NO_KEY_MAY.includes(permission)) await expect(asked).rejects.toMatchObject({ code: 'denied' });
    else await expect(asked).resolves.toBeUndefined();
    const narrow = workspace.permissions.demand(reading, permission);
    if (permission === 'incidents.read') await expect(narrow).resolves.toBeUndefined();
    else {
      await expect(narrow).rejects.toMatchObject({ code: 'denied', reason: 'permission' });
      expect(refusals()).toContainEqual(expect.stringMatching(new RegExp(`^${reading.id} ${permission} `)));
    }
  }
});

/** @securityTest A session and a principal of one workspace are worth nothing in another, and trying is on record there */
describe("another workspace's", () => {
  test('session is refused for every channel', { timeout: SLOW }, async () => {
    await quick.desk.flows['access.signIn'](OPERATOR);
    const other = await quick.station.create('Elsewhere'); // beneath the window, which still has its session
    try {
      const { principal } = await other.identity.createOwner(OPERATOR);
      for (const { channel, access } of guarded) {
        await expect(quick.desk.admit(access), channel).rejects.toMatchObject({ code: 'sign-in-required' });
      }
      // neither does it do anything where nobody has to be signed in
      const unlocked = quick.desk.flows['access.unlock']({ password: OPERATOR.password });
      await expect(unlocked).rejects.toMatchObject({ code: 'sign-in-required' });
      const rejected = recordsIn(other, principal, 'auth.token_rejected');
      expect(rejected).toHaveLength(1); // one token, one reason: one record, however often
      expect(rejected[0]).toMatchObject({ record: { outcome: 'denied' } });
      expect(['signature', 'tenant', 'audience']).toContain(rejected[0]?.data.reason);
      // and had it passed, so would nobody
      for (const role of roles) {
        const stranger = people.get(role);
        if (stranger === undefined) throw new Error(`there is no ${role}`);
        for (const permission of PERMISSIONS) {
          const refusal = { code: 'denied', reason: 'tenant' };
          await expect(other.permissions.demand(stranger, permission)).rejects.toMatchObject(refusal);
          expect(refusals(principal, other)).toContain(`${stranger.id} ${permission} tenant`);
        }
      }
    } finally {
      workspace = await quick.station.open('walked');
    }
  });
});
