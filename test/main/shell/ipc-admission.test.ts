import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLog } from '#main/platform/log.ts';
import { createFileVerifier } from '#main/shell/file-verifier.ts';
import { answerCall, type IpcDoor } from '#main/shell/ipc-answer.ts';
import { createHandlers, type HandlerParts } from '#main/shell/ipc-handlers.ts';
import { CHANNELS, type Channel, type ChannelInput, CONTRACT } from '#shared/ipc/contract.ts';
import { APPROVER, OPERATOR } from '../../support/peopled-console.ts';
import { makeWorkspace, openQuickDesk, type QuickDesk, signInBeside } from '../../support/quick-station.ts';

/** A whole workspace is opened on a machine that does other things, too. */
const SLOW = { timeout: 60_000 };
const own = { sender: { id: 7 }, senderFrame: { url: 'app://console/', parent: null } };
const guarded = CHANNELS.filter((channel) => CONTRACT[channel].access !== 'public');
const PROOF = { method: 'password', password: OPERATOR.password } as const;
const WRONG = { method: 'password', password: 'somebody else’s password' } as const;

let quick: QuickDesk;
let door: IpcDoor;
/** Channels whose handler ran. */
const ran: Channel[] = [];
/** The dialogs that opened; each is answered with the file given, or cancelled. */
const dialogs: string[] = [];
let chosen: string | null = null;

beforeEach(async () => {
  quick = await openQuickDesk();
  ran.length = 0;
  dialogs.length = 0;
  chosen = null;
  const answer = (_: unknown, name: string | symbol) => async () => {
    dialogs.push(String(name));
    return chosen;
  };
  const handlers = createHandlers({
    desk: quick.desk,
    dialogs: new Proxy({}, { get: answer }) as HandlerParts['dialogs'],
    verifier: createFileVerifier(quick.desk, () => undefined),
    auditor: quick.station.auditor,
    print: async () => new Uint8Array(),
    tell: () => undefined,
    today: () => '2026-01-01',
  });
  door = {
    isKnownWindow: (id) => id === 7,
    takeToken: () => true,
    handlers: new Proxy(handlers, {
      get: (target, name: Channel) => {
        ran.push(name);
        return target[name];
      },
    }),
    desk: quick.desk,
    log: createLog({ write: () => undefined }),
  };
});
afterEach(() => quick.end());

const createEd25519Spki = () => generateKeyPairSync('ed25519').publicKey.export({ format: 'der', type: 'spki' });
const call = <C extends Channel>(channel: C, input: ChannelInput<C>) => answerCall(door, own, channel, input);
const refused = (code: string) => ({ ok: false, error: { code } });

/** @securityTest Without a session no channel but the public ones is answered, whatever is asked, and no handler runs */
describe('nobody signed in', () => {
  test('is admitted: not at the first run, not after signing out, not while locked', SLOW, async () => {
    const askEverything = async () => {
      for (const channel of guarded) {
        expect(await answerCall(door, own, channel, {}), channel).toMatchObject(refused('sign-in-required'));
      }
      expect(ran).toEqual([]);
    };
    await askEverything();
    await makeWorkspace(quick);
    await quick.desk.flows['access.lock']({});
    await askEverything();
    await quick.desk.flows['access.signOut']({ everywhere: false });
    await askEverything();
    expect(dialogs).toEqual([]);
  });

  test('is told what everybody may know, and can verify a file', SLOW, async () => {
    await makeWorkspace(quick);
    await quick.desk.flows['access.signOut']({ everywhere: false });
    expect(await call('access.state', {})).toMatchObject({ ok: true, value: { stage: 'sign-in', person: null } });
    expect(await call('chain.verifyFile', {})).toEqual({ ok: true, value: { cancelled: true } });
    expect(await call('chain.cancelVerify', {})).toEqual({ ok: true, value: {} });
  });
});

/** @securityTest The session is checked at each call: one that ended elsewhere is over at the very next */
test('a session that ended between two calls', SLOW, async () => {
  const workspace = await makeWorkspace(quick);
  expect(await call('people.list', {})).toMatchObject({ ok: true, value: [{ name: OPERATOR.name }] });
  const { principal } = await signInBeside(workspace, OPERATOR);
  await workspace.identity.signOut(principal, true);
  expect(await call('people.list', {})).toMatchObject(refused('sign-in-required'));
});

/** @securityTest A role that was taken away is gone at the next call, without signing in again */
test('a role that changed between two calls', SLOW, async () => {
  const workspace = await makeWorkspace(quick);
  const { principal: owner } = await quick.desk.admit('signed-in');
  const { code } = await workspace.identity.invite(owner, { email: APPROVER.email, role: 'admin' });
  const { name, password } = APPROVER;
  await quick.desk.flows['access.acceptInvitation']({ code, name, password });
  expect(await call('people.invitations', {})).toEqual({ ok: true, value: [] });
  const { principal: again } = await signInBeside(workspace, OPERATOR);
  const { principal } = await quick.desk.admit('signed-in');
  await workspace.identity.setRole(again, principal.id, 'viewer');
  const answer = await call('people.invitations', {});
  expect(answer.ok).toBe(false);
  if (!answer.ok) expect(['denied', 'sign-in-required']).toContain(answer.error.code);
});

/** @securityTest Who may do what is changed only by somebody who shows again, at that moment, that it is they */
describe('people, keys and devices', () => {
  test('change with a proof, and not without', SLOW, async () => {
    const workspace = await makeWorkspace(quick);
    const email = APPROVER.email;
    const wrong = await call('people.invite', { email, role: 'operator', reauthentication: WRONG });
    expect(wrong).toMatchObject(refused('reauthentication-required'));
    expect(workspace.identity.invitations()).toEqual([]);
    const invited = await call('people.invite', { email, role: 'operator', reauthentication: PROOF });
    expect(invited).toMatchObject({ ok: true, value: { code: expect.any(String) } });
    expect(await call('people.invitations', {})).toMatchObject({ ok: true, value: [{ email, role: 'operator' }] });
    const { code } = (invited as { readonly value: { readonly code: string } }).value;
    const { name, password } = APPROVER;
    const { principal: second } = await workspace.identity.acceptInvitation({ code, name, password });

    const person = second.id;
    const role = 'viewer';
    expect(await call('people.setRole', { person, role, reauthentication: WRONG })).toMatchObject(
      refused('reauthentication-required'),
    );
    expect(workspace.identity.people().find(({ id }) => id === person)?.role).toBe('operator');
    const changed = await call('people.setRole', { person, role, reauthentication: PROOF });
    expect(changed).toMatchObject({ ok: true, value: { id: person, role } });
    const { principal: owner } = await quick.desk.admit('signed-in');
    expect(await call('people.signOut', { person })).toMatchObject({ ok: true, value: { sessions: 0 } });
    const reset = await call('people.resetSecondFactor', { person, reauthentication: WRONG });
    expect(reset).toMatchObject(refused('reauthentication-required'));
    expect(await call('people.remove', { person, reauthentication: WRONG })).toMatchObject(
      refused('reauthentication-required'),
    );
    expect(workspace.identity.people()).toHaveLength(2);
    expect(await call('people.remove', { person, reauthentication: PROOF })).toEqual({ ok: true, value: {} });
    expect(await call('people.list', {})).toMatchObject({ ok: true, value: [{ id: owner.id }] });
    const alone = await call('people.remove', { person: owner.id, reauthentication: PROOF });
    expect(alone).toMatchObject({ ok: false });
    expect(workspace.identity.people()).toHaveLength(1);
  });

  test('an alias is made with a proof, and its human does not get rid of it again', SLOW, async () => {
    const workspace = await makeWorkspace(quick);
    const { principal: owner } = await quick.desk.admit('signed-in');
    const { code } = await workspace.identity.invite(owner, { email: APPROVER.email, role: 'operator' });
    const { principal } = await workspace.identity.acceptInvitation({
      code,
      name: APPROVER.name,
      password: APPROVER.password,
    });
    const of = { person: principal.id, aliasOf: owner.id };
    expect(await call('people.setAlias', { ...of, reauthentication: WRONG })).toMatchObject(
      refused('reauthentication-required'),
    );
    expect(workspace.identity.humanBehind(principal.id)).toBe(principal.id);
    const aliased = await call('people.setAlias', { ...of, reauthentication: PROOF });
    expect(aliased).toMatchObject({ ok: true, value: { aliasOf: owner.id } });
    expect(workspace.identity.humanBehind(principal.id)).toBe(owner.id);
    for (const change of [
      call('people.setAlias', { person: principal.id, aliasOf: null, reauthentication: PROOF }),
      call('people.remove', { person: principal.id, reauthentication: PROOF }),
    ])
      expect(await change).toMatchObject(refused('denied'));
  });

  test('a key is made with a proof, shown once, and revoked', SLOW, async () => {
    const workspace = await makeWorkspace(quick);
    const wanted = { label: 'nightly export', scopes: ['trail.export' as const], days: 1 };
    expect(await call('apiKeys.create', { ...wanted, reauthentication: WRONG })).toMatchObject(
      refused('reauthentication-required'),
    );
    const made = await call('apiKeys.create', { ...wanted, reauthentication: PROOF });
    if (!made.ok) throw new Error(made.error.message);
    const { key } = CONTRACT['apiKeys.create'].output.parse(made.value);
    expect((await workspace.identity.verifyApiKey(key)).scopes).toEqual(['trail.export']);
    const listed = await call('apiKeys.list', {});
    expect(JSON.stringify(listed)).not.toContain(key);
    const [{ id } = { id: '' }] = workspace.identity.apiKeys();
    const revoked = await call('apiKeys.revoke', { apiKey: id });
    expect(revoked).toMatchObject({ ok: true, value: { id, revokedAt: expect.any(String) } });
    await expect(workspace.identity.verifyApiKey(key)).rejects.toMatchObject({ code: 'sign-in-required' });
  });

  test('a device is registered from a file a person chose, and removed', SLOW, async () => {
    const workspace = await makeWorkspace(quick);
    const { principal: owner } = await quick.desk.admit('signed-in');
    expect(await call('devices.exportOwn', {})).toEqual({ ok: true, value: { cancelled: true } });
    chosen = `${quick.folder}/own.causeway-device`;
    expect(await call('devices.exportOwn', {})).toEqual({
      ok: true,
      value: { cancelled: false, value: { file: chosen, keyId: expect.stringMatching(/^[0-9a-f]{16}$/) } },
    });
    const early = await call('devices.register', { keyId: '0'.repeat(16), reauthentication: PROOF });
    expect(early).toMatchObject(refused('conflict')); // nothing was chosen
    const offered = await call('devices.choose', {});
    expect(offered).toMatchObject({ ok: true, value: { value: { person: owner.name } } });
    const keyId = (offered as { value: { value: { keyId: string } } }).value.value.keyId;
    const wrong = await call('devices.register', { keyId, reauthentication: WRONG });
    expect(wrong).toMatchObject(refused('reauthentication-required'));
    const other = await call('devices.register', { keyId: '0'.repeat(16), reauthentication: PROOF });
    expect(other).toMatchObject(refused('conflict')); // not the key that was compared
    expect(workspace.identity.devices()).toEqual([]);
    const registered = await call('devices.register', { keyId, reauthentication: PROOF });
    expect(registered).toMatchObject({ ok: true, value: { person: owner.id, registeredBy: owner.id, keyId } });
    expect(await call('devices.register', { keyId, reauthentication: PROOF })).toMatchObject(refused('conflict'));
    const [{ id } = { id: '' }] = workspace.identity.devices();
    expect(await call('devices.remove', { device: id })).toEqual({ ok: true, value: {} });
    expect(await call('devices.list', {})).toEqual({ ok: true, value: [] });
  });

  /** @securityTest A device chosen by one person is not registered by the next; one's own is removed by oneself, others' by who manages people */
  test('a device is of whoever chose it, and theirs to remove', SLOW, async () => {
    const workspace = await makeWorkspace(quick);
    const { principal: owner } = await quick.desk.admit('signed-in');
    const { code } = await workspace.identity.invite(owner, { email: APPROVER.email, role: 'viewer' });
    const spki = createEd25519Spki();
    const theirs = await workspace.identity.registerDevice(owner, { person: owner.id, label: 'Laptop', spki });
    chosen = `${quick.folder}/own.causeway-device`;
    await call('devices.exportOwn', {});
    await call('devices.choose', {});
    const { name, password } = APPROVER;
    const reauthentication = { method: 'password', password } as const;
    await quick.desk.flows['access.acceptInvitation']({ code, name, password });
    expect(await call('devices.register', { keyId: '0'.repeat(16), reauthentication })).toMatchObject(
      refused('conflict'),
    );
    await call('devices.exportOwn', {});
    const offered = await call('devices.choose', {});
    const keyId = (offered as { value: { value: { keyId: string } } }).value.value.keyId;
    expect(await call('devices.register', { keyId, reauthentication })).toMatchObject({ ok: true });
    expect(await call('devices.remove', { device: theirs.id })).toMatchObject(refused('denied'));
    const [own] = workspace.identity.devices().filter(({ person }) => person !== owner.id);
    expect(await call('devices.remove', { device: own?.id ?? '' })).toEqual({ ok: true, value: {} });
    expect(workspace.identity.devices()).toEqual([theirs]);
  });

  test('the own password and second factor', SLOW, async () => {
    await makeWorkspace(quick);
    const next = 'another few plain words';
    const wrong = await call('account.changePassword', { current: WRONG.password, next });
    expect(wrong).toMatchObject(refused('reauthentication-required'));
    expect(await call('account.beginSecondFactor', { password: WRONG.password })).toMatchObject({ ok: false });
    const begun = await call('account.beginSecondFactor', { password: OPERATOR.password });
    expect(begun).toMatchObject({ ok: true, value: { uri: expect.stringMatching(/^otpauth:/) } });
    expect(await call('account.confirmSecondFactor', { code: '000000' })).toMatchObject({ ok: false });
    const changed = await call('account.changePassword', { current: OPERATOR.password, next });
    expect(changed).toEqual({ ok: true, value: {} });
    expect(await call('access.stayAwake', {})).toEqual({ ok: true, value: {} });
    expect(await call('leases.list', {})).toEqual({ ok: true, value: [] });
    expect(await call('leases.revoke', { lease: 'lease-0001' })).toMatchObject(refused('not-found'));
  });
});
