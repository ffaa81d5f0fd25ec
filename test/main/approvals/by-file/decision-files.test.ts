import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { writeAnswerFile } from '#main/approvals/by-file/answer-file.ts';
import type { DecisionFiles } from '#main/approvals/by-file/decision-files.ts';
import { type AnswerPorts, verifyAnswer } from '#main/approvals/by-file/verify-answer.ts';
import type { Proposal } from '#main/approvals/proposal-book.ts';
import { hashRecord } from '#main/audit/hash.ts';
import { seal } from '#main/audit/seal.ts';
import { ForeignRequest } from '#shared/ipc/approval-views.ts';
import { recordsOf } from '../protections/workspace.ts';
import {
  closeAndRemove,
  contentOf,
  decideAt,
  forgedKey,
  forgeFile,
  MINUTE,
  openConsole,
  PASSWORD,
  propose,
  register,
  stolenKey,
  type TestConsole,
  WHY,
  WRONG,
} from './consoles.ts';

const ADA = 'u-aaaaaaaaaaaa';
/** The same person at the two consoles: registered here, signed in there. */
const BEA = 'u-bbbbbbbbbbbb';
const BEA_THERE = 'u-cccccccccccc';

let here: TestConsole;
let there: TestConsole;
let proposal: Proposal;
beforeEach(async () => {
  here = await openConsole(ADA, 'd-here');
  there = await openConsole(BEA_THERE, 'd-there');
  await register(here, BEA, there);
  proposal = await propose(here);
});
afterEach(async () => {
  await closeAndRemove(here);
  await closeAndRemove(there);
});

async function ask(): Promise<Buffer> {
  return (await here.files.saveRequest(here.me, proposal)).bytes;
}

async function answer(
  request: Uint8Array,
  changes: Partial<Parameters<DecisionFiles['answerRequest']>[1]> = {},
): Promise<Buffer> {
  there.clock.time = Math.max(there.clock.time, here.clock.time);
  const { digest, keyId } = await there.files.openRequest(request);
  const input = { digest, decision: 'approve', justification: WHY, proof: PASSWORD, trust: keyId } as const;
  return there.files.answerRequest(there.me, { ...input, ...changes });
}

const ports = (): AnswerPorts => ({
  tenant: 'acme',
  audit: here.store,
  device: (keyId) => here.devices.get(keyId) ?? null,
  clock: here.clock,
});
const take = (bytes: Uint8Array) => here.files.takeAnswer(here.me, bytes, decideAt(here));
const settings = (one: TestConsole) =>
  recordsOf(one.store, 'tenant.configuration_changed').map(({ outcome, target, data }) => ({
    outcome,
    target,
    setting: data.setting,
    old: data.old,
    new: data.new,
  }));

describe('a decision by file', () => {
  it('goes from one console to the other and back, on record at both', async () => {
    const { bytes, digest } = await here.files.saveRequest(here.me, proposal);
    expect(settings(here).at(-1)).toMatchObject({
      outcome: 'success',
      target: { type: 'remediation', id: 'rem-0001' },
      setting: 'decision-request',
      new: digest,
    });
    const view = ForeignRequest.parse(await there.files.openRequest(bytes));
    expect(view).toMatchObject({
      digest,
      tenant: 'acme',
      chain: here.store.chain,
      keyId: here.store.keyId,
      firstSight: true,
      plan: proposal.remediation.plan,
      planDigest: proposal.remediation.planDigest,
      severity: 'high',
      required: 1,
      requestedByName: `Person ${ADA}`,
      rule: 'A person approves every change',
      expiresAt: proposal.remediation.expiresAt,
    });
    const back = await answer(bytes);
    expect(settings(there)).toMatchObject([
      {
        outcome: 'success',
        target: { type: 'chain', id: here.store.chain },
        setting: 'decision-requests.trusted-chain',
        new: here.store.keyId,
      },
      {
        outcome: 'success',
        target: { type: 'decision-request', id: digest },
        setting: 'decision-by-file',
        old: null,
        new: hashRecord(back),
      },
    ]);
    const { planDigest, requestHash } = proposal.remediation;
    expect(await take(back)).toEqual({
      person: BEA,
      device: `dev-${stolenKey(there).keyId}`,
      deviceKey: stolenKey(there).keyId,
      fileDigest: hashRecord(back),
      requestDigest: digest,
      remediation: 'rem-0001',
      planDigest,
      requestHash,
      decision: 'approve',
      justification: WHY,
      decidedAt: new Date(there.clock.time).toISOString(),
      policyVersion: 'd'.repeat(64),
      reauthentication: 'password',
    });
    expect(contentOf(back).justification).toBe(WHY);
  });

  it('says no as well, and knows a chain whose key was compared once', async () => {
    await answer(await ask());
    proposal = await propose(here, 'Another plan');
    const request = await ask();
    expect((await there.files.openRequest(request)).firstSight).toBe(false);
    const back = await answer(request, { decision: 'reject', trust: undefined });
    expect(await take(back)).toMatchObject({ decision: 'reject' });
    expect(settings(there).filter(({ setting }) => setting === 'decision-requests.trusted-chain')).toHaveLength(1);
  });

  it('is the same file when it is asked for again, and not another decision', async () => {
    const request = await ask();
    const first = await answer(request);
    there.clock.time += MINUTE;
    expect(await answer(request)).toEqual(first);
    await expect(answer(request, { decision: 'reject' })).rejects.toMatchObject({
      code: 'conflict',
      reason: 'answered',
    });
    expect(settings(there).filter(({ setting }) => setting === 'decision-by-file')).toHaveLength(1);
  });

  /** @securityTest A program that ends between keeping an answer and its record leads to no second answer, and to none without a record */
  it('is one answer, however often the program ends while it is given', async () => {
    const request = await ask();
    const given = () => settings(there).filter(({ setting }) => setting === 'decision-by-file');
    const { append } = there.store;
    const killed = vi.spyOn(there.store, 'append').mockImplementation((input) => {
      const setting = input.data !== undefined && 'setting' in input.data ? input.data.setting : null;
      return setting === 'decision-by-file' ? Promise.reject(new Error('killed')) : append.call(there.store, input);
    });
    await expect(answer(request)).rejects.toMatchObject({ code: 'audit-unavailable' });
    expect(given()).toEqual([]);
    await expect(answer(request)).rejects.toMatchObject({ code: 'audit-unavailable' });
    killed.mockRestore();
    await there.close();
    there = await openConsole(BEA_THERE, 'd-there', there);
    await expect(answer(request, { decision: 'reject' })).rejects.toMatchObject({ reason: 'answered' });
    there.clock.time += MINUTE;
    const bytes = await answer(request);
    expect(given()).toMatchObject([{ setting: 'decision-by-file', old: null, new: hashRecord(bytes) }]);
    expect(await answer(request)).toEqual(bytes);
    expect(given()).toHaveLength(1);
    expect(await take(bytes)).toMatchObject({ decision: 'approve' });
  });

  it('goes on after the signing key of the chain that asks was changed', async () => {
    await answer(await ask());
    const first = here.store.keyId;
    await here.store.rotateKey({
      to: { kind: 'keychain' },
      by: { actor: { type: 'user', id: ADA }, device: { id: 'd-here' } },
      justification: seal(ADA, WHY),
      reason: 'scheduled',
    });
    proposal = await propose(here, 'Another plan');
    const request = await ask();
    expect(await there.files.openRequest(request)).toMatchObject({ keyId: first, firstSight: false });
    expect(await take(await answer(request, { trust: undefined }))).toMatchObject({ decision: 'approve' });
  });

  it('is remembered after both consoles were started anew', async () => {
    const request = await ask();
    const back = await answer(request);
    await take(back);
    await here.close();
    here = await openConsole(ADA, 'd-here', here);
    await there.close();
    there = await openConsole(BEA_THERE, 'd-there', there);
    expect(await answer(request, { trust: undefined })).toEqual(back);
    await expect(take(back)).rejects.toMatchObject({ code: 'conflict', reason: 'answer-replayed' });
  });

  it('is not asked for when nothing waits, when time is up, or when what is kept is not what is on record', async () => {
    const { files, me, clock } = here;
    const other = (changes: Partial<Proposal['remediation']>) =>
      files.saveRequest(me, { ...proposal, remediation: { ...proposal.remediation, ...changes } });
    await expect(other({ status: 'approved' })).rejects.toMatchObject({ code: 'conflict', reason: 'not-waiting' });
    const plan = { ...proposal.remediation.plan, summary: 'Something else' };
    await expect(other({ plan })).rejects.toMatchObject({ code: 'audit-broken', reason: 'proposal-differs' });
    await expect(files.saveRequest({ ...me, tenant: 'other' }, proposal)).rejects.toMatchObject({
      code: 'audit-broken',
    });
    clock.time += 30 * MINUTE;
    await expect(other({})).rejects.toMatchObject({ code: 'conflict', reason: 'expired' });
    expect(settings(here)).toEqual([]);
  });
});

/** @securityTest A request from another console is answered only when its chain proves it, and a person compared that chain's key */
describe('a request', () => {
  it('is refused with a byte of it changed, each thirteenth one tried', async () => {
    const request = await ask();
    for (let at = 0; at < request.length; at += 13) {
      const changed = Buffer.from(request);
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
      await expect(there.files.openRequest(changed), `byte ${at}`).rejects.toMatchObject({
        code: expect.stringMatching(/^(bad-input|denied)$/),
      });
    }
    expect((await there.files.openRequest(request)).firstSight).toBe(true);
  });

  it('is not believed when whoever carried it signed it anew with something changed', async () => {
    const content = contentOf(await ask()) as { request: Record<string, unknown>; evidence: Record<string, unknown> };
    const { request, evidence } = content;
    const plan = request.plan as Record<string, unknown>;
    const other = contentOf((await here.files.saveRequest(here.me, await propose(here, 'B'))).bytes);
    const otherEvidence = other.evidence as Record<string, unknown>;
    const changes: readonly [string, Record<string, unknown>, Record<string, unknown>][] = [
      ['plan', { ...request, plan: { ...plan, summary: 'Harmless' } }, evidence],
      ['plan digest', { ...request, planDigest: 'a'.repeat(64) }, evidence],
      ['severity', { ...request, severity: 'low' }, evidence],
      ['rule', { ...request, rule: { ...(request.rule as object), text: 'Nothing to see' } }, evidence],
      ['name', { ...request, requestedBy: { ...(request.requestedBy as object), name: 'The boss' } }, evidence],
      ['number of approvals', { ...request, required: 2 }, evidence],
      ['expiry', { ...request, expiresAt: '2026-03-02T00:00:00.000Z' }, evidence],
      ['nonce', { ...request, nonce: 'ab'.repeat(32) }, evidence],
      ['policy', { ...request, policyVersion: 'e'.repeat(64) }, evidence],
      ['incident', { ...request, incident: 'inc-0002' }, evidence],
      ['tenant', { ...request, tenant: 'other' }, evidence],
      ['chain', { ...request, chain: there.store.chain }, evidence],
      ['proposal', request, { ...evidence, proposal: otherEvidence.proposal }],
      ['record of the request', request, { ...evidence, issued: otherEvidence.issued }],
      ['order', request, { ...evidence, issued: evidence.proposal, proposal: evidence.issued }],
      ['keys', request, { ...evidence, keys: [evidence.proposal] }],
    ];
    for (const [what, changed, proof] of changes) {
      const file = await forgeFile('causeway-request/1', { request: changed, evidence: proof }, forgedKey());
      await expect(there.files.openRequest(file), what).rejects.toMatchObject({
        code: 'denied',
        reason: 'request-chain',
      });
    }
    // signed by another device, and nothing changed: the chain proves it all the same
    const file = await forgeFile('causeway-request/1', { request, evidence }, forgedKey());
    expect((await there.files.openRequest(file)).chain).toBe(here.store.chain);
  });

  it('of a chain made up in the name of the workspace shows another key, and is refused once the right one is known', async () => {
    const impostor = await openConsole(ADA, 'd-impostor');
    try {
      const made = await impostor.files.saveRequest(impostor.me, await propose(impostor));
      const { keyId, digest } = await there.files.openRequest(made.bytes);
      expect(keyId).not.toBe(here.store.keyId);
      const input = { digest, decision: 'approve', justification: WHY, proof: PASSWORD } as const;
      const wrong = there.files.answerRequest(there.me, { ...input, trust: here.store.keyId });
      await expect(wrong).rejects.toMatchObject({ code: 'denied', reason: 'request-key' });
      const unasked = there.files.answerRequest(there.me, input);
      await expect(unasked).rejects.toMatchObject({ code: 'conflict', reason: 'request-key-unknown' });
      expect(settings(there)).toEqual([]);
    } finally {
      await closeAndRemove(impostor);
    }
  });

  it('with other keys than that chain had before is refused', async () => {
    await answer(await ask());
    const rows = there.requests.db.prepare<[], { chain: string; box: Buffer }>('SELECT * FROM trusted_chain').all();
    expect(rows).toHaveLength(1);
    const place = `trusted-chain/${here.store.chain}`;
    const kept = JSON.parse(Buffer.from(there.requests.cipher.open(rows[0]?.box ?? Buffer.alloc(0), place)).toString());
    const put = (value: unknown) =>
      there.requests.db
        .prepare('UPDATE trusted_chain SET box = ?')
        .run(there.requests.cipher.seal(Buffer.from(JSON.stringify(value)), place));
    put({ ...kept, keys: [...kept.keys, { id: 'f'.repeat(16), fromSeq: 9 }] });
    proposal = await propose(here, 'Another plan');
    const request = await ask();
    await expect(there.files.openRequest(request)).rejects.toMatchObject({ code: 'denied', reason: 'request-key' });
    put({ ...kept, keys: [{ id: 'f'.repeat(16), fromSeq: 1 }] });
    await expect(there.files.openRequest(request)).rejects.toMatchObject({ code: 'audit-broken' });
  });

  it('of the own workspace is not answered by file, nor one whose time is up', async () => {
    const request = await ask();
    await expect(here.files.openRequest(request)).rejects.toMatchObject({ reason: 'request-own-chain' });
    const { digest, keyId } = await there.files.openRequest(request);
    there.clock.time += 30 * MINUTE;
    await expect(there.files.openRequest(request)).rejects.toMatchObject({ code: 'conflict', reason: 'expired' });
    const input = { digest, decision: 'approve', justification: WHY, proof: PASSWORD, trust: keyId } as const;
    await expect(there.files.answerRequest(there.me, input)).rejects.toMatchObject({ reason: 'expired' });
  });

  it('is answered by a person who says why and proves to be themselves', async () => {
    const request = await ask();
    await expect(answer(request, { justification: 'ok' })).rejects.toMatchObject({ code: 'bad-input' });
    await expect(answer(request, { proof: WRONG })).rejects.toMatchObject({ code: 'reauthentication-required' });
    await expect(answer(request, { digest: 'a'.repeat(64) })).rejects.toMatchObject({ code: 'not-found' });
    const { digest, keyId } = await there.files.openRequest(request);
    const input = { digest, decision: 'approve', justification: WHY, proof: PASSWORD, trust: keyId } as const;
    const key = there.files.answerRequest({ ...there.me, type: 'api_key' }, input);
    await expect(key).rejects.toMatchObject({ code: 'denied', reason: 'api-key' });
    expect(settings(there)).toEqual([]);
  });
});

/** @securityTest An answer by file counts only as its signer wrote it, for this plan and request, in time, and once */
describe('an answer', () => {
  it('is refused with any byte of it changed', async () => {
    const back = await answer(await ask());
    for (let at = 0; at < back.length; at++) {
      const changed = Buffer.from(back);
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
      await expect(verifyAnswer(changed, ports()), `byte ${at}`).rejects.toMatchObject({
        code: expect.stringMatching(/^(bad-input|denied)$/),
      });
    }
    expect(await take(back)).toMatchObject({ decision: 'approve' });
  });

  it.each([
    ['nothing', () => Buffer.alloc(0)],
    ['a megabyte', () => Buffer.alloc(1024 * 1024, 0x20)],
    ['deep nesting', () => Buffer.from('['.repeat(60_000))],
    ['bytes that are no text', () => Buffer.from([0xff, 0xfe, 0x00])],
    ['a space before it', (back: Buffer) => Buffer.concat([Buffer.from(' '), back])],
    ['no line feed behind it', (back: Buffer) => back.subarray(0, -1)],
    ['two line feeds behind it', (back: Buffer) => Buffer.concat([back, Buffer.from('\n')])],
    [
      'a member twice',
      (back: Buffer) => Buffer.from(back.toString().replace('"decision":', '"decision":"reject","decision":')),
    ],
    ['a member more', (back: Buffer) => Buffer.from(back.toString().replace('"signature":', '"a":1,"signature":'))],
    [
      'a member __proto__',
      (back: Buffer) => Buffer.from(back.toString().replace('{"causeway"', '{"__proto__":{},"causeway"')),
    ],
  ])('is refused that is %s', async (_name, change) => {
    const back = await answer(await ask());
    await expect(take(change(back))).rejects.toMatchObject({ code: 'bad-input', reason: 'answer-file' });
  });

  it('is refused with a member more or less, a number as text, or too long a reason, even when it is signed', async () => {
    const content = contentOf(await answer(await ask()));
    const { planDigest: _, ...less } = content;
    for (const wrong of [
      less,
      { ...content, more: 1 },
      { ...content, decision: 'maybe' },
      { ...content, justification: 'x' },
    ]) {
      const file = await forgeFile('causeway-answer/1', wrong, stolenKey(there));
      await expect(take(file)).rejects.toMatchObject({ code: 'bad-input', reason: 'answer-file' });
    }
  });

  it('by a device that is not registered, or was removed, is refused', async () => {
    const back = await answer(await ask());
    const file = await forgeFile('causeway-answer/1', contentOf(back), forgedKey());
    await expect(take(file)).rejects.toMatchObject({ code: 'denied', reason: 'answer-device' });
    here.devices.clear();
    await expect(take(back)).rejects.toMatchObject({ code: 'denied', reason: 'answer-device' });
    expect(settings(here).at(-1)).toMatchObject({
      outcome: 'denied',
      setting: 'decision-by-file',
      new: hashRecord(back),
      target: { type: 'decision-file', id: 'answer-device' },
    });
  });

  it('is not one of another kind of text the key signed', async () => {
    const content = contentOf(await answer(await ask()));
    for (const prefix of ['causeway-request/1', 'causeway-device/1', 'causeway/record/v1']) {
      const file = await forgeFile('causeway-answer/1', content, stolenKey(there), prefix);
      await expect(take(file)).rejects.toMatchObject({ code: 'denied', reason: 'answer-signature' });
    }
    const key = { ...stolenKey(there), sign: forgedKey().sign };
    await expect(take(await forgeFile('causeway-answer/1', content, key))).rejects.toMatchObject({
      reason: 'answer-signature',
    });
  });

  it('to another request, about another plan, or for another workspace is refused, although its device signed it', async () => {
    const content = contentOf(await answer(await ask()));
    const second = (await here.files.saveRequest(here.me, await propose(here, 'B'))).digest;
    const cases: readonly [Record<string, unknown>, string][] = [
      [{ tenant: 'other' }, 'answer-other-workspace'],
      [{ chain: there.store.chain }, 'answer-other-workspace'],
      [{ requestDigest: second }, 'answer-other-request'],
      [{ issued: here.store.head().hash }, 'answer-other-request'],
      [{ issued: 'a'.repeat(64) }, 'answer-other-request'],
      [{ requestHash: here.store.head().hash }, 'answer-other-request'],
      [{ remediation: 'rem-0002' }, 'answer-other-request'],
      [{ planDigest: 'a'.repeat(64) }, 'answer-other-plan'],
      [{ policyVersion: 'a'.repeat(64) }, 'answer-other-plan'],
    ];
    for (const [change, reason] of cases) {
      const file = await forgeFile('causeway-answer/1', { ...content, ...change }, stolenKey(there));
      await expect(take(file), JSON.stringify(change)).rejects.toMatchObject({ code: 'conflict', reason });
    }
    expect(recordsOf(here.store, 'remediation.approved')).toEqual([]);
  });

  it.each([
    ['before it was asked', -6 * MINUTE, 0],
    ['in the future', 6 * MINUTE, 0],
    ['after the time for it', 30 * MINUTE, 29 * MINUTE],
    ['in time, and came after it', MINUTE, 30 * MINUTE],
  ])('decided %s is refused as stale', async (_name, decided, now) => {
    const content = contentOf(await answer(await ask()));
    const decidedAt = new Date(here.clock.time + decided).toISOString();
    here.clock.time += now;
    const file = await forgeFile('causeway-answer/1', { ...content, decidedAt }, stolenKey(there));
    await expect(take(file)).rejects.toMatchObject({ code: 'conflict', reason: 'answer-stale' });
  });

  it('within what two clocks may differ is taken', async () => {
    const content = contentOf(await answer(await ask()));
    const decidedAt = new Date(here.clock.time + 4 * MINUTE).toISOString();
    const file = await forgeFile('causeway-answer/1', { ...content, decidedAt }, stolenKey(there));
    expect(await take(file)).toMatchObject({ decidedAt });
  });

  it('is taken once, and of one device one answer', async () => {
    const back = await answer(await ask());
    const both = await Promise.allSettled([take(back), take(back)]);
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(both[1]).toMatchObject({ reason: { code: 'conflict', reason: 'answer-replayed' } });
    const other = await forgeFile('causeway-answer/1', { ...contentOf(back), decision: 'reject' }, stolenKey(there));
    await expect(take(other)).rejects.toMatchObject({ code: 'conflict', reason: 'answer-spent' });
    expect(recordsOf(here.store, 'remediation.approved')).toHaveLength(1);
  });

  it('is written as the documentation says', async () => {
    const back = await answer(await ask());
    const content = contentOf(back);
    expect(await forgeFile('causeway-answer/1', content, stolenKey(there))).toEqual(back);
    const long = { ...content, justification: 'x'.repeat(9000) } as never;
    await expect(writeAnswerFile(long, stolenKey(there))).rejects.toThrow();
  });
});
