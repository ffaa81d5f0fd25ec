import { describe, expect, it } from 'vitest';
import { beginRegister, takeRegister } from '#main/compliance/register/fold.ts';
import type { RegisterState } from '#main/compliance/register/register-state.ts';
import { HOUSE_PROFILE } from '#shared/model/control.ts';
import {
  agent,
  at,
  changed,
  D,
  DAY,
  entriesOf,
  SEALED,
  type Told,
  told,
  user,
} from '../../../support/control-chain.ts';

function foldAll(records: readonly Told[]): RegisterState {
  return entriesOf(records).reduce((state, entry) => {
    const before = JSON.stringify(state);
    const after = takeRegister(state, entry);
    expect(JSON.stringify(state)).toBe(before); // what was given is not changed
    return JSON.parse(JSON.stringify(after)) as RegisterState;
  }, beginRegister());
}

const opened = (campaign: string, ids: readonly string[]) =>
  changed(
    'AR-01',
    {
      kind: 'review-opened',
      campaign,
      due: at(DAY),
      subjects: ids.map((id) => ({ id, role: 'viewer' })),
      root: D('a'),
    },
    { actor: user('u-1') },
  );
const decided = (campaign: string, subject: string, by: string) =>
  changed(
    'AR-01',
    { kind: 'review-decided', campaign, subject, decision: 'revoke', note: SEALED },
    { actor: user(by) },
  );
const closed = (campaign: string) => changed('AR-01', { kind: 'review-closed', campaign, decided: 1, undecided: 0 });

describe('the register out of the chain', () => {
  it('is empty at first, and only says what JSON can say', () => {
    expect(JSON.parse(JSON.stringify(beginRegister()))).toEqual(beginRegister());
  });

  it('takes what was done, with the place of each sealed value', () => {
    const attachment = { digest: D('b'), mediaType: 'text/plain', bytes: 3, name: SEALED };
    const { controls } = foldAll([
      changed('RA-01', { kind: 'owner', previous: null }, { owner: 'u-2' }),
      changed(
        'RA-01',
        { kind: 'performed', on: at(0), note: SEALED, attachments: [attachment, attachment] },
        { actor: user('u-2') },
      ),
    ]);
    expect(controls['RA-01']).toMatchObject({ owner: 'u-2' });
    expect(controls['RA-01']?.performed).toEqual([
      {
        seq: 2,
        time: expect.any(String),
        on: at(0),
        by: 'u-2',
        note: { ...SEALED, seq: 2, path: '/data/change/note' },
        attachments: [0, 1].map((index) => ({
          digest: D('b'),
          mediaType: 'text/plain',
          bytes: 3,
          name: { ...SEALED, seq: 2, path: `/data/change/attachments/${index}/name` },
        })),
      },
    ]);
  });

  it('keeps the newest 50 of what was done and 100 of its history', () => {
    const many = Array.from({ length: 120 }, () =>
      changed('RA-01', { kind: 'performed', on: at(0), note: SEALED }, { actor: user('u-1') }),
    );
    const entry = foldAll(many).controls['RA-01'];
    expect(entry?.performed.map(({ seq }) => seq).slice(0, 2)).toEqual([120, 119]);
    expect([entry?.performed.length, entry?.history.length]).toEqual([50, 100]);
  });

  it('takes the first word about somebody in a review, and none after it is closed', () => {
    const [newest, oldest] = foldAll([
      opened('r1', ['u-2', 'u-3']),
      decided('r1', 'u-2', 'u-1'),
      decided('r1', 'u-2', 'u-9'),
      decided('r1', 'u-7', 'u-1'),
      decided('r0', 'u-3', 'u-1'),
      closed('r1'),
      decided('r1', 'u-3', 'u-1'),
      closed('r1'),
      opened('r1', ['u-5']),
      opened('r2', ['u-2']),
    ]).campaigns;
    expect(newest?.id).toBe('r2');
    expect(oldest).toMatchObject({ id: 'r1', openedBy: 'u-1', closed: { seq: 6 } });
    expect(oldest?.subjects.map(({ id, decision }) => [id, decision?.by ?? null])).toEqual([
      ['u-2', 'u-1'],
      ['u-3', null],
    ]);
  });

  it('takes what the console finds out from the console alone, and what people do from people', () => {
    const results = [{ control: 'AU-01', result: 'holds' as const, detail: 'held', digest: D('a') }];
    const check = changed('register', { kind: 'self-check', results });
    expect(foldAll([check]).controls['AU-01']?.check).toMatchObject({ result: 'holds' });
    const done = changed('RA-01', { kind: 'performed', on: at(0), note: SEALED });
    for (const actor of [user('u-1'), agent('log-analyst'), { type: 'system' as const, id: 'somebody' }]) {
      const status = changed('AU-01', { kind: 'status', reasons: [] }, { newStatus: 'in-place', actor });
      expect(foldAll([{ ...check, actor }, status])).toEqual(beginRegister());
    }
    const alone = [
      opened('r1', ['u-2']),
      { ...decided('r1', 'u-2', 'u-1'), actor: { type: 'api_key' as const, id: 'k' } },
    ];
    const { campaigns, controls } = foldAll([{ ...done, actor: agent('log-analyst') }, ...alone]);
    expect(controls['RA-01']).toBeUndefined();
    expect(campaigns[0]?.subjects).toEqual([{ id: 'u-2', role: 'viewer', decision: null }]);
  });

  it('takes a control from who was removed from the workspace, and says so', () => {
    const owned = changed('RA-01', { kind: 'owner', previous: null }, { owner: 'u-2' });
    const removed = told('tenant.user_removed', { user: 'u-2', reason: 'left' }, { actor: user('u-1') });
    const entry = foldAll([owned, removed]).controls['RA-01'];
    expect(entry).toMatchObject({ owner: null, ownerLeft: 'u-2' });
    expect(entry?.history[0]).toMatchObject({ seq: 2, by: 'u-1', detail: 'u-2 to nobody: removed from the workspace' });
    expect(foldAll([owned, { ...removed, outcome: 'failure' }]).controls['RA-01']?.owner).toBe('u-2');
    expect(foldAll([owned, removed, { ...owned }]).controls['RA-01']).toMatchObject({ owner: 'u-2', ownerLeft: null });
  });

  it('takes no cadence that the control may not have, and what was done long ago for nothing that is due', () => {
    expect(foldAll([changed('AU-03', { kind: 'cadence', next: 'event' })])).toEqual(beginRegister());
    const due = changed('RA-01', { kind: 'due', due: at(90 * DAY) });
    const done = (after: number) =>
      changed('RA-01', { kind: 'performed', on: at(0), note: SEALED }, { actor: user('u-1'), after });
    expect(foldAll([due, done(31 * DAY)]).controls['RA-01']?.due).toBeNull();
    expect(foldAll([due, done(32 * DAY)]).controls['RA-01']?.due).toBe(at(90 * DAY));
  });

  it('takes plan, profile, notes, bundles and reports', () => {
    const report = (document?: string) =>
      told('tenant.report_generated', {
        framework: 'soc2',
        from: at(0),
        to: at(DAY),
        format: 'html',
        digest: D('c'),
        ...(document === undefined ? {} : { kind: 'soc2-type2', document, inScope: 4, exceptions: 1 }),
      });
    const state = foldAll([
      changed('register', { kind: 'plan', start: at(0), weeks: 9 }),
      changed('register', { kind: 'sample-profile', profile: HOUSE_PROFILE }),
      changed('register', {
        kind: 'auditor-notes',
        bundle: D('1'),
        notes: D('2'),
        key: 'd94877a4d180534c',
        flagged: 2,
      }),
      changed('register', { kind: 'bundle', manifest: D('3'), reports: [D('4')] }),
      report(),
      report(D('5')),
    ]);
    expect(state.plan).toEqual({ start: at(0), weeks: 9, seq: 1 });
    expect(state.sampleProfile).toEqual(HOUSE_PROFILE);
    expect(state.notes).toMatchObject([{ bundle: D('1'), accepted: 0, flagged: 2, questions: 0 }]);
    expect(state.bundles).toMatchObject([{ manifest: D('3'), reports: [D('4')] }]);
    expect(state.reports.map(({ seq, kind, document }) => [seq, kind, document])).toEqual([
      [6, 'soc2-type2', D('5')],
      [5, '', null],
    ]);
  });

  it('takes nothing from records that failed, are of others, lack what their kind needs, or are of any shape', () => {
    const good = changed('RA-01', { kind: 'owner', previous: null }, { owner: 'u-2' });
    const data = good.data as Record<string, unknown>;
    const none: Told[] = [
      { ...good, outcome: 'failure' },
      { ...good, outcome: 'denied' },
      { ...good, data: { ...data, framework: 'soc2' } },
      { ...good, data: { ...data, control: '__proto__' } },
      { ...good, data: { ...data, control: 'constructor' } },
      { ...good, data: { ...data, unknown: 1 } },
      { ...good, data: { ...data, change: { kind: 'owner', results: 'x' } } },
      { ...good, data: {} },
      { ...good, data: { ...data, change: undefined } },
      changed('RA-01', { kind: 'performed' }),
      changed('RA-01', { kind: 'cadence' }),
      changed('RA-01', { kind: 'due' }),
      changed('RA-01', { kind: 'not-applicable' }),
      changed('register', { kind: 'plan' }),
      changed('register', { kind: 'bundle' }),
      changed('register', { kind: 'auditor-notes' }),
      changed('register', { kind: 'sample-profile' }),
      changed('register', { kind: 'self-check' }),
      changed('register', {
        kind: 'self-check',
        results: [{ control: 'prototype', result: 'holds', detail: 'x', digest: D('a') }],
      }),
      changed('AR-01', { kind: 'review-opened', campaign: 'r1' }),
      changed('RA-01', { kind: 'review-closed', campaign: 'r1' }),
      { action: 'tenant.report_generated', data: { kind: 'x' } },
    ];
    expect(foldAll(none)).toEqual(beginRegister());
  });
});
