import { copyFileSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ProtectionChange } from '#main/approvals/protections/change.ts';
import { RequestBook } from '#main/approvals/protections/request-book.ts';
import { openRequestStore } from '#main/approvals/protections/request-store.ts';
import type { Principal } from '#main/identity/principal.ts';
import { CausewayError } from '#shared/errors.ts';
import { ProtectionRequest } from '#shared/ipc/protection-views.ts';
import { removeFolder } from '../../../support/audit-store.ts';
import {
  ALICE,
  BOB,
  openWorkspace,
  PASSWORD,
  type ProtectedWorkspace,
  principal,
  recordsOf,
  versionOf,
  WHY,
  WRONG,
} from './workspace.ts';

const HOUR = 3_600_000;
const NEW_TEXT = 'permit two;\nforbid three;';
const ROTATE = { kind: 'key-rotation', to: { kind: 'keychain' } } as const;
const CHANGE = { kind: 'policy-change', text: NEW_TEXT } as const;

let test: ProtectedWorkspace;
beforeEach(async () => {
  test = await openWorkspace();
});
afterEach(async () => {
  await test.close();
  removeFolder(test.folder);
});

async function reopen(): Promise<void> {
  await test.close();
  test = await openWorkspace(test);
}

async function propose(change: ProtectionChange = ROTATE, by = ALICE): Promise<ProtectionRequest> {
  const outcome = await test.protections.propose(by, change, WHY, PASSWORD);
  if (outcome.state !== 'waiting') throw new Error(outcome.state);
  return ProtectionRequest.parse(outcome.request);
}

function decide(by: Principal, { id, digest }: ProtectionRequest, decision: 'approve' | 'reject' = 'approve') {
  return test.protections.decide(by, {
    request: id,
    digest,
    decision,
    justification: WHY,
    reauthentication: PASSWORD,
  });
}

const approvals = () => recordsOf(test.store, 'tenant.protection_change_approved');
const settings = () => recordsOf(test.store, 'tenant.configuration_changed');

describe('a change of a protection', () => {
  it('is asked for by one person and carried out when another agrees, each step on record first', async () => {
    const key = test.store.keyId;
    const request = await propose();
    expect(settings().at(-1)).toMatchObject({
      outcome: 'success',
      actor: { type: 'user', id: ALICE.id },
      target: { type: 'protection-request', id: request.id },
      data: { setting: 'protection-request.key-rotation', old: null, new: request.digest },
    });
    expect(test.store.keyId).toBe(key);
    expect(test.protections.pending(BOB)).toEqual([{ ...request, mayNotDecide: null }]);
    expect(test.protections.pending(ALICE)[0]?.mayNotDecide).toMatch(/another person/);
    expect(await decide(BOB, request)).toEqual({ state: 'done' });
    expect(test.store.keyId).not.toBe(key);
    const [approved, rotated] = approvals();
    expect(approved).toMatchObject({
      outcome: 'success',
      actor: { type: 'user', id: BOB.id },
      data: {
        change: 'key-rotation',
        changeDigest: request.digest,
        requestedBy: ALICE.id,
        request: expect.stringMatching(/^[0-9a-f]{64}$/),
        reauthentication: 'password',
      },
    });
    expect(rotated).toMatchObject({ actor: { id: ALICE.id }, data: { change: 'signing-key-rotation' } });
    expect(test.protections.pending(BOB)).toEqual([]);
    expect(await test.store.verify()).toMatchObject({ verdict: 'valid' });
    await expect(decide(BOB, request)).rejects.toMatchObject({ code: 'conflict', reason: 'not-waiting' });
  });

  it('of the policies shows both versions and the difference, and the record names the version', async () => {
    const request = await propose(CHANGE);
    const details = Object.fromEntries(request.details.map(({ label, text }) => [label, text]));
    expect(details).toMatchObject({
      'Version in force': versionOf('permit one;'),
      'New version': versionOf(NEW_TEXT),
      Difference: '- permit one;\n+ permit two;\n+ forbid three;',
    });
    await decide(BOB, request);
    expect(test.policies.texts.at(-1)).toBe(NEW_TEXT);
    expect(test.policies.adopted).toEqual([[ALICE.id, BOB.id]]);
    expect(approvals()[0]?.data).toMatchObject({ change: 'policy-change', changeDigest: versionOf(NEW_TEXT) });
  });

  it('in a workspace of one person takes effect at once, with the same records', async () => {
    test.alone = true;
    const key = test.store.keyId;
    expect(await test.protections.propose(ALICE, ROTATE, WHY, PASSWORD)).toEqual({ state: 'done' });
    expect(test.store.keyId).not.toBe(key);
    expect(settings().at(-1)?.data).toMatchObject({ setting: 'protection-request.key-rotation' });
    expect(approvals()[0]).toMatchObject({ actor: { id: ALICE.id }, data: { requestedBy: ALICE.id } });
  });

  /** @securityTest Where one person alone decides, whoever else may ask decides nothing by asking */
  it('is not decided by asking when the only person who may decide is another one', async () => {
    test.alone = true;
    test.gone.add(ALICE.id);
    const request = await propose();
    expect(approvals()).toEqual([]);
    test.gone.clear();
    expect(await decide(BOB, request)).toEqual({ state: 'done' });
  });

  it('can be rejected, by the one who asked as well, and withdrawn only by them', async () => {
    const [first, second] = [await propose(), await propose()];
    expect(await decide(ALICE, first, 'reject')).toEqual({ state: 'rejected' });
    expect(approvals().at(-1)).toMatchObject({ outcome: 'denied', data: { changeDigest: first.digest } });
    await expect(test.protections.withdraw(BOB, second.id)).rejects.toMatchObject({ code: 'denied' });
    await test.protections.withdraw(ALICE, second.id);
    expect(settings().at(-1)?.data).toMatchObject({ old: second.digest, new: 'withdrawn' });
    expect(test.protections.pending(BOB)).toEqual([]);
    await expect(decide(BOB, second)).rejects.toMatchObject({ reason: 'not-waiting' });
  });

  it('is not asked for with a policy that does not parse, the one in force, too short a reason, or a wrong password', async () => {
    const { protections } = test;
    const ask = (text: string, why = WHY, proof = PASSWORD) =>
      protections.propose(ALICE, { kind: 'policy-change', text }, why, proof);
    await expect(ask('broken')).rejects.toMatchObject({ code: 'bad-input', reason: 'policy' });
    await expect(ask('permit one;')).rejects.toMatchObject({ code: 'conflict', reason: 'no-change' });
    await expect(ask(NEW_TEXT, 'too short')).rejects.toMatchObject({ code: 'bad-input' });
    await expect(ask(NEW_TEXT, WHY, WRONG)).rejects.toMatchObject({ code: 'reauthentication-required' });
    expect(settings()).toEqual([]);
    expect(protections.pending(BOB)).toEqual([]);
  });

  it('is refused when there is nothing to acknowledge', async () => {
    const ask = test.protections.propose(ALICE, { kind: 'break-acknowledgement', breaks: [] }, WHY, PASSWORD);
    await expect(ask).rejects.toMatchObject({ code: 'conflict', reason: 'no-break' });
  });

  it('is not asked for without end', async () => {
    for (let index = 0; index < 50; index++) await propose();
    await expect(propose()).rejects.toMatchObject({ code: 'rate-limited' });
  });
});

/** @securityTest A change of a protection is agreed to by another human, signed in, who proves it at that moment */
describe('the second person', () => {
  it('is not the first one, nor another account of theirs, nor one their account is an alias of', async () => {
    const alias = principal('u-cccccccccccc', { human: ALICE.id });
    const stranger = principal('u-dddddddddddd');
    test.aliases.set(alias.id, ALICE.id);
    for (const [by, other] of [
      [ALICE, ALICE],
      [ALICE, alias],
      [alias, ALICE],
    ] as const) {
      const request = await propose(ROTATE, by);
      const before = approvals().length;
      await expect(decide(other, request)).rejects.toMatchObject({ code: 'denied', reason: 'approver-is-requester' });
      expect(approvals()).toHaveLength(before);
      expect(recordsOf(test.store, 'auth.access_denied').at(-1)).toMatchObject({
        actor: { id: other.id },
        data: { permission: 'protections.decide', reason: 'approver-is-requester' },
      });
    }
    const last = test.protections.pending(stranger)[0];
    expect(last?.mayNotDecide).toBeNull();
  });

  /** @securityTest Undoing an alias makes no second person of the one who asked, whichever of their accounts it was */
  it('is not one who was the same human when it was asked for', async () => {
    const alias = principal('u-cccccccccccc', { human: ALICE.id });
    for (const [by, other] of [
      [ALICE, principal(alias.id)],
      [alias, ALICE],
    ] as const) {
      test.aliases.set(alias.id, ALICE.id);
      const request = await propose(ROTATE, by);
      test.aliases.clear();
      expect(test.protections.pending(other).at(-1)?.mayNotDecide).toMatch(/another person/);
      await expect(decide(other, request)).rejects.toMatchObject({ code: 'denied', reason: 'approver-is-requester' });
      await reopen();
      await expect(decide(other, request)).rejects.toMatchObject({ code: 'denied', reason: 'approver-is-requester' });
      expect(await decide(BOB, request)).toEqual({ state: 'done' });
    }
  });

  it('is not an API key, which asks for nothing either', async () => {
    const key = principal('key-1', { type: 'api_key', human: BOB.id });
    await expect(decide(key, await propose())).rejects.toMatchObject({ code: 'denied', reason: 'api-key' });
    const ask = test.protections.propose(key, ROTATE, WHY, PASSWORD);
    await expect(ask).rejects.toMatchObject({ code: 'denied', reason: 'api-key' });
    expect(test.protections.pending(key)[0]?.mayNotDecide).toMatch(/API key/);
  });

  it('gives the right password, and agrees to what was shown', async () => {
    const request = await propose();
    const input = { request: request.id, decision: 'approve' as const, justification: WHY };
    const wrong = test.protections.decide(BOB, { ...input, digest: request.digest, reauthentication: WRONG });
    await expect(wrong).rejects.toMatchObject({ code: 'reauthentication-required' });
    const other = test.protections.decide(BOB, { ...input, digest: 'a'.repeat(64), reauthentication: PASSWORD });
    await expect(other).rejects.toMatchObject({ code: 'conflict', reason: 'request-digest' });
    expect(approvals()).toEqual([]);
  });

  it('is asked about: the guardrail policies have the last word, on record', async () => {
    const request = await propose();
    await decide(BOB, request);
    const allowed = recordsOf(test.store, 'investigation.policy_decided').at(-1);
    expect(allowed).toMatchObject({
      outcome: 'success',
      actor: { id: BOB.id },
      data: { action: 'changeProtection', resource: 'key-rotation', decision: 'allow' },
    });
    const second = await propose();
    const append = test.store.append.bind(test.store);
    vi.spyOn(test.store, 'append').mockImplementation(async (input) => {
      if (input.action === 'tenant.protection_change_approved') throw new Error('nothing may be approved before this');
      return append(input);
    });
    // the same human by the policies' own lights, whatever the accounts say
    const alias = principal('u-ffffffffffff', { human: BOB.id });
    test.aliases.set(ALICE.id, 'u-999999999999');
    const same = principal('u-888888888888', { human: 'u-999999999999' });
    await expect(decide(same, second)).rejects.toMatchObject({ code: 'denied', reason: 'approver-is-requester' });
    await expect(decide(alias, second)).rejects.toMatchObject({ code: 'audit-unavailable' });
    expect(recordsOf(test.store, 'credential.key_rotated')).toHaveLength(1);
  });

  it('is one: of two answers at once the second is refused', async () => {
    const request = await propose();
    const both = await Promise.allSettled([decide(BOB, request), decide(BOB, request)]);
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(recordsOf(test.store, 'credential.key_rotated')).toHaveLength(1);
  });
});

/** @securityTest A request to change a protection ends after a day, and when what it is about has changed meanwhile */
describe('a request', () => {
  it('expires, on record, and counts as no', async () => {
    const [first, second] = [await propose(), await propose()];
    test.clock.time += 24 * HOUR;
    expect(test.protections.pending(BOB)).toEqual([]);
    await expect(decide(BOB, first)).rejects.toMatchObject({ code: 'conflict', reason: 'expired' });
    await test.protections.expireDue();
    expect(settings().slice(-2)).toMatchObject([
      { outcome: 'denied', actor: { type: 'system' }, data: { old: first.digest, new: 'expired' } },
      { outcome: 'denied', actor: { type: 'system' }, data: { old: second.digest, new: 'expired' } },
    ]);
    expect(approvals()).toEqual([]);
  });

  it('is void when whoever asked has left, or may not ask any more', async () => {
    const request = await propose();
    test.gone.add(ALICE.id);
    await expect(decide(BOB, request)).rejects.toMatchObject({ code: 'conflict', reason: 'void' });
    expect(settings().at(-1)).toMatchObject({ outcome: 'denied', data: { old: request.digest, new: 'void' } });
    test.gone.clear();
    await expect(decide(BOB, request)).rejects.toMatchObject({ code: 'conflict', reason: 'not-waiting' });
    expect(recordsOf(test.store, 'credential.key_rotated')).toEqual([]);
  });

  it('is void when another policy, or another key, came into force', async () => {
    const [policy, key] = [await propose(CHANGE), await propose()];
    test.policies.texts.push('permit four;');
    await expect(decide(BOB, policy)).rejects.toMatchObject({ code: 'conflict', reason: 'void' });
    expect(settings().at(-1)).toMatchObject({ outcome: 'denied', data: { old: policy.digest, new: 'void' } });
    await decide(BOB, await propose());
    await expect(decide(BOB, key)).rejects.toMatchObject({ code: 'conflict', reason: 'void' });
    expect(recordsOf(test.store, 'credential.key_rotated')).toHaveLength(1);
    expect(test.protections.pending(BOB)).toEqual([]);
  });
});

/** @securityTest A request to change a protection that was edited in its file is not decided, whoever has the key to it */
describe('what is kept of a request', () => {
  it('is unreadable without the keychain', async () => {
    await propose(CHANGE);
    test.requests.db.pragma('wal_checkpoint(TRUNCATE)');
    const bytes = readFileSync(join(test.folder, 'protections.db'));
    for (const text of [NEW_TEXT, WHY, ALICE.name, ALICE.id]) expect(bytes.includes(text)).toBe(false);
    const others = { folder: test.folder, tenant: 'acme', secrets: test.secrets };
    test.secrets.entries.delete('tenant.acme.requests');
    await expect(openRequestStore(others)).rejects.toMatchObject({ code: 'keychain-unavailable', reason: 'key-lost' });
    await test.secrets.set('tenant.acme.requests', Buffer.alloc(32, 7)); // made anew for something else
    await expect(openRequestStore(others)).rejects.toMatchObject({ code: 'keychain-unavailable', reason: 'key-lost' });
  });

  it.each([
    ['its text', (box: Buffer) => box.fill(0x20, 40, 44)],
    ['its end', (box: Buffer) => box.subarray(0, -1)],
  ])('does not pass with %s changed', async (_name, change) => {
    const request = await propose();
    const row = test.requests.db.prepare<[], { box: Buffer }>('SELECT box FROM protection_request').get();
    test.requests.db.prepare('UPDATE protection_request SET box = ?').run(change(row?.box ?? Buffer.alloc(0)));
    await expect(decide(BOB, request)).rejects.toMatchObject({ code: 'audit-broken', reason: 'ciphertext' });
    expect(test.protections.pending(BOB)).toEqual([]);
    expect(test.warnings).toHaveLength(1);
  });

  it('does not pass in the place of another request', async () => {
    const [first, second] = [await propose(CHANGE), await propose()];
    test.requests.db
      .prepare('UPDATE protection_request SET box = (SELECT box FROM protection_request WHERE id = ?) WHERE id = ?')
      .run(first.id, second.id);
    await expect(decide(BOB, second)).rejects.toMatchObject({ code: 'audit-broken', reason: 'ciphertext' });
  });

  it('does not pass when it was written with the key, and is not what the record says', async () => {
    const request = await propose(CHANGE);
    const book = new RequestBook(test.requests);
    const kept = book.read(request.id);
    const evil = { ...kept, change: { ...CHANGE, base: versionOf('permit one;'), version: versionOf('permit all;') } };
    book.save(evil);
    await expect(decide(BOB, request)).rejects.toMatchObject({ code: 'audit-broken', reason: 'request-differs' });
    book.save({ ...kept, requestedBy: { ...kept.requestedBy, id: 'u-eeeeeeeeeeee' } });
    await expect(decide(ALICE, request)).rejects.toMatchObject({ code: 'audit-broken', reason: 'request-differs' });
    book.save({ ...kept, record: null });
    await expect(decide(BOB, request)).rejects.toMatchObject({ code: 'audit-broken', reason: 'request-differs' });
    book.save({ ...kept, record: test.store.head().hash, expiresAt: '2036-01-01T00:00:00.000Z' });
    await expect(decide(BOB, request)).rejects.toMatchObject({ code: 'audit-broken', reason: 'request-differs' });
    expect(approvals()).toEqual([]);
  });

  it('cannot be decided again from an older copy of the file', async () => {
    const request = await propose();
    const copy = join(test.folder, 'copy.db');
    test.requests.db.exec(`VACUUM INTO '${copy}'`);
    await decide(BOB, request, 'reject');
    await test.close();
    for (const name of ['protections.db-wal', 'protections.db-shm']) rmSync(join(test.folder, name), { force: true });
    copyFileSync(copy, join(test.folder, 'protections.db'));
    test = await openWorkspace(test);
    expect(test.protections.pending(BOB)).toHaveLength(1);
    await expect(decide(BOB, request)).rejects.toMatchObject({ code: 'conflict', reason: 'decided-on-record' });
    expect(test.protections.pending(BOB)).toEqual([]);
    expect(recordsOf(test.store, 'credential.key_rotated')).toEqual([]);
  });

  it('and approved without an approval on record is not carried out', async () => {
    const request = await propose();
    const book = new RequestBook(test.requests);
    const kept = book.read(request.id);
    const decision = {
      by: { id: BOB.id, name: BOB.name, device: 'd' },
      at: kept.requestedAt,
      justification: WHY,
      reauthentication: 'password' as const,
      record: test.store.head().hash,
    };
    book.save({ ...kept, state: 'approved', decision });
    await expect(decide(BOB, request)).rejects.toMatchObject({ code: 'audit-broken', reason: 'approval-differs' });
    await test.protections.recover();
    expect(test.warnings).toMatchObject([{ reason: 'approval-differs' }]);
    expect(recordsOf(test.store, 'credential.key_rotated')).toEqual([]);
  });

  it('has a file whose layout nobody else made', async () => {
    await test.close();
    const db = new BetterSqlite3(join(test.folder, 'protections.db'));
    db.exec("UPDATE migration SET digest = 'x' WHERE number = 1");
    db.close();
    const { folder, secrets } = test;
    const again = openRequestStore({ folder, tenant: 'acme', secrets });
    await expect(again).rejects.toMatchObject({ code: 'audit-broken', reason: 'migration-changed' });
  });
});

describe('carrying out', () => {
  it('that fails leaves the approval, and is tried once more', async () => {
    const key = test.store.keyId;
    const request = await propose();
    test.failure = new CausewayError('keychain-unavailable', 'The keychain is locked.');
    await expect(decide(BOB, request)).rejects.toMatchObject({
      code: 'keychain-unavailable',
      reason: 'not-carried-out',
    });
    expect(settings().at(-1)).toMatchObject({
      outcome: 'failure',
      data: { old: request.digest, new: 'not-carried-out' },
    });
    await reopen();
    await test.protections.recover();
    expect(test.store.keyId).toBe(key);
    const [pending] = test.protections.pending(ALICE);
    expect(pending).toMatchObject({ id: request.id, mayNotDecide: null });
    expect(pending?.summary).toMatch(/^Approved, not carried out/);
    expect(await decide(ALICE, request)).toEqual({ state: 'done' });
    expect(test.store.keyId).not.toBe(key);
    expect(approvals().filter(({ data }) => data.change === 'key-rotation')).toHaveLength(1);
  });

  it('is not tried a third time, and can be given up', async () => {
    const [first, second] = [await propose(), await propose()];
    test.failure = new Error('no');
    await expect(decide(BOB, first)).rejects.toMatchObject({ code: 'internal', reason: 'not-carried-out' });
    await expect(decide(BOB, first)).rejects.toMatchObject({ code: 'internal', reason: 'not-carried-out' });
    test.failure = null;
    await expect(decide(BOB, first)).rejects.toMatchObject({ code: 'conflict', reason: 'not-waiting' });
    test.failure = new Error('no');
    await expect(decide(BOB, second)).rejects.toMatchObject({ reason: 'not-carried-out' });
    expect(await decide(ALICE, second, 'reject')).toEqual({ state: 'rejected' });
    expect(test.protections.pending(BOB)).toEqual([]);
  });

  it('of a policy is done at the next start: the chain says that it is in force', async () => {
    const request = await propose(CHANGE);
    test.policies.failure = new CausewayError('disk-full', 'There is no space left.');
    await expect(decide(BOB, request)).rejects.toMatchObject({ code: 'disk-full', reason: 'not-carried-out' });
    expect(approvals()).toHaveLength(1);
    await expect(decide(ALICE, request, 'reject')).rejects.toMatchObject({ reason: 'decided-on-record' });
    test.policies.failure = null;
    test.clock.time += 100 * HOUR;
    await reopen();
    await test.protections.recover();
    expect(test.warnings).toEqual([]);
    expect(test.policies.adopted).toEqual([[ALICE.id, BOB.id]]);
    expect(test.protections.pending(BOB)).toEqual([]);
    await test.protections.recover();
    expect(test.policies.adopted).toHaveLength(1);
  });

  it('of a policy is done at the next start even when the program ended right after the record', async () => {
    const request = await propose(CHANGE);
    const kept = new RequestBook(test.requests).read(request.id);
    test.policies.failure = new Error('killed');
    await expect(decide(BOB, request)).rejects.toThrow();
    test.policies.failure = null;
    new RequestBook(test.requests).save(kept); // as it was kept before the record
    await reopen();
    await test.protections.recover();
    expect(test.policies.adopted).toEqual([[ALICE.id, BOB.id]]);
  });

  it('of an older policy is not done over a newer one', async () => {
    const older = await propose(CHANGE);
    test.policies.failure = new Error('no');
    await expect(decide(BOB, older)).rejects.toThrow();
    test.policies.failure = null;
    await decide(BOB, await propose({ ...CHANGE, text: 'permit five;' }));
    await test.protections.recover();
    expect(test.policies.texts.at(-1)).toBe('permit five;');
    expect(test.protections.pending(BOB)).toEqual([]);
  });

  it('of a rotation is not done twice when the program ended right after it', async () => {
    const request = await propose();
    const book = new RequestBook(test.requests);
    await decide(BOB, request);
    const key = test.store.keyId;
    book.save({ ...book.read(request.id), state: 'approved' });
    await test.protections.recover();
    expect(test.protections.pending(BOB)).toEqual([]);
    book.save({ ...book.read(request.id), state: 'approved' });
    expect(await decide(BOB, request)).toEqual({ state: 'done' });
    expect(test.store.keyId).toBe(key);
    expect(recordsOf(test.store, 'credential.key_rotated')).toHaveLength(1);
  });
});

/** @securityTest Nothing is asked for or agreed to that cannot be put on record, but for what makes the trail writable again */
describe('a trail that cannot be written', () => {
  it('keeps every change from being made', async () => {
    const request = await propose();
    const append = vi
      .spyOn(test.store, 'append')
      .mockRejectedValue(new CausewayError('disk-full', 'No space is left.'));
    await expect(decide(BOB, request)).rejects.toMatchObject({ code: 'audit-unavailable' });
    await expect(decide(BOB, request, 'reject')).rejects.toMatchObject({ code: 'audit-unavailable' });
    await expect(propose()).rejects.toMatchObject({ code: 'audit-unavailable' });
    append.mockRestore();
    expect(test.protections.pending(BOB)).toHaveLength(1);
    expect(recordsOf(test.store, 'credential.key_rotated')).toEqual([]);
  });
});
