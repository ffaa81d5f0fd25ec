import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RequestBook } from '#main/approvals/protections/request-book.ts';
import type { ProtectionRequest } from '#shared/ipc/protection-views.ts';
import { noteInput, removeFolder, roleInput } from '../../../support/audit-store.ts';
import {
  ALICE,
  BOB,
  editTrail,
  openWorkspace,
  PASSWORD,
  type ProtectedWorkspace,
  recordsOf,
  WHY,
} from './workspace.ts';

let test: ProtectedWorkspace;
beforeEach(async () => {
  test = await openWorkspace();
  await test.store.append(noteInput('inc-1', 'one'));
  for (let index = 0; index < 6; index++) await test.store.append(roleInput(`u${index}`));
});
afterEach(async () => {
  await test.close();
  removeFolder(test.folder);
});

/** Cuts the newest records off behind the program's back, and opens the workspace again. */
async function cut(after: number): Promise<void> {
  await test.close();
  editTrail(
    test.path,
    `DELETE FROM record WHERE seq > ${after}; DELETE FROM trail WHERE seq > ${after};
     DELETE FROM disclosure WHERE seq > ${after}; DELETE FROM checkpoint WHERE size > ${after}`,
  );
  test = await openWorkspace(test);
}

const openBreaks = () => test.store.standing().breaks.flatMap(({ id, acknowledged }) => (acknowledged ? [] : [id]));

async function ask(): Promise<ProtectionRequest> {
  const change = { kind: 'break-acknowledgement' as const, breaks: openBreaks() };
  const outcome = await test.protections.propose(ALICE, change, WHY, PASSWORD);
  if (outcome.state !== 'waiting') throw new Error(outcome.state);
  return outcome.request;
}

const decide = (by: typeof ALICE, { id, digest }: ProtectionRequest, decision: 'approve' | 'reject' = 'approve') =>
  test.protections.decide(by, {
    request: id,
    digest,
    decision,
    justification: WHY,
    reauthentication: PASSWORD,
  });

/** @securityTest A broken history is taken note of by two people, without a record at first, and with both on record after it */
describe('a break of the history', () => {
  it('is acknowledged when a second person agrees, and the records name both', async () => {
    await cut(5);
    expect(test.store.standing().state).toBe('blocked');
    const request = await ask();
    expect(request.details[0]).toMatchObject({ label: expect.stringContaining(openBreaks()[0] ?? 'none') });
    expect(test.store.head().seq).toBe(5);
    await expect(decide(ALICE, request)).rejects.toMatchObject({ code: 'denied', reason: 'approver-is-requester' });
    expect(test.store.standing().state).toBe('blocked');
    expect(await decide(BOB, request)).toEqual({ state: 'done' });
    expect(test.store.standing().state).toBe('acknowledged');
    const [acknowledged, approved] = recordsOf(test.store, 'tenant.protection_change_approved');
    expect(acknowledged).toMatchObject({ actor: { id: ALICE.id }, outcome: 'success' });
    expect(approved).toMatchObject({
      actor: { id: BOB.id },
      data: { change: 'break-acknowledgement', changeDigest: request.digest, requestedBy: ALICE.id },
    });
    expect(approved?.data.request).toBeUndefined();
    expect(test.store.disclosures(approved?.seq ?? 0)).toContainEqual({ path: '/data/justification', value: WHY });
  });

  it('is all that can be asked for meanwhile, and only with what is open', async () => {
    await cut(5);
    const rotate = { kind: 'key-rotation', to: { kind: 'keychain' } } as const;
    const refused = test.protections.propose(ALICE, rotate, WHY, PASSWORD);
    await expect(refused).rejects.toMatchObject({ code: 'audit-broken', reason: 'history-blocked' });
    const other = { kind: 'break-acknowledgement', breaks: ['another'] } as const;
    const changed = test.protections.propose(ALICE, other, WHY, PASSWORD);
    await expect(changed).rejects.toMatchObject({ code: 'conflict', reason: 'history-changed' });
  });

  it('is acknowledged at once by one person where there is one', async () => {
    test.alone = true;
    await cut(5);
    const change = { kind: 'break-acknowledgement' as const, breaks: openBreaks() };
    expect(await test.protections.propose(ALICE, change, WHY, PASSWORD)).toEqual({ state: 'done' });
    expect(test.store.standing().state).toBe('acknowledged');
    expect(recordsOf(test.store, 'tenant.protection_change_approved').map(({ actor }) => actor.id)).toEqual([
      ALICE.id,
      ALICE.id,
    ]);
  });

  it('is not acknowledged by a request about other breaks', async () => {
    await cut(5);
    const request = await ask();
    const again = await ask();
    await decide(BOB, request);
    await expect(decide(BOB, again)).rejects.toMatchObject({ code: 'conflict', reason: 'void' });
    expect(test.protections.pending(BOB)).toEqual([]);
    await cut(3);
    const next = await ask();
    await cut(2);
    await expect(decide(BOB, next)).rejects.toMatchObject({ code: 'conflict', reason: 'void' });
    expect(test.store.standing().state).toBe('blocked');
  });

  it('stays when it is rejected or withdrawn, which leaves no record either', async () => {
    await cut(5);
    expect(await decide(BOB, await ask(), 'reject')).toEqual({ state: 'rejected' });
    await test.protections.withdraw(ALICE, (await ask()).id);
    expect(test.protections.pending(BOB)).toEqual([]);
    expect(test.store.head().seq).toBe(5);
    expect(test.store.standing().state).toBe('blocked');
  });

  it('whose request was written by somebody with the file but without the key is not decided', async () => {
    await cut(5);
    const request = await ask();
    test.requests.db.prepare("UPDATE protection_request SET digest = '0'").run();
    await expect(decide(BOB, request)).rejects.toMatchObject({ code: 'audit-broken', reason: 'request-differs' });
    expect(test.store.standing().state).toBe('blocked');
  });

  it('acknowledged just before the program ended is put on record with both at the next start, once', async () => {
    await cut(5);
    const request = await ask();
    const append = vi.spyOn(test.store, 'append').mockRejectedValue(new Error('killed'));
    await expect(decide(BOB, request)).rejects.toMatchObject({ code: 'audit-unavailable' });
    append.mockRestore();
    expect(test.store.standing().state).toBe('acknowledged');
    await test.protections.recover();
    const approvals = () => recordsOf(test.store, 'tenant.protection_change_approved');
    expect(approvals().map(({ actor }) => actor.id)).toEqual([ALICE.id, BOB.id]);
    const book = new RequestBook(test.requests);
    const done = book.read(request.id);
    const { decision } = done;
    if (decision === null) throw new Error('not decided');
    book.save({ ...done, state: 'approved', decision: { ...decision, record: null } });
    await test.protections.recover();
    expect(approvals()).toHaveLength(2);
    expect(book.read(request.id).state).toBe('done');
  });
});
