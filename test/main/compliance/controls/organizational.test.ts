import { describe, expect, it } from 'vitest';
import { controlOf } from '#main/compliance/controls/controls.ts';
import {
  agent,
  at,
  changed,
  D,
  DAY,
  entriesOf,
  fold,
  HOUR,
  SEALED,
  START,
  type Told,
  told,
  user,
} from '../../../support/control-chain.ts';

const performed = (control: string, more: Partial<Told> = {}) =>
  changed(control, { kind: 'performed', on: at(0), note: SEALED }, { actor: user('u-1'), ...more });

describe('controls people perform', () => {
  it('are seen operating each time somebody recorded it, and by nothing else', () => {
    const owned = changed('RA-01', { kind: 'owner', previous: null }, { owner: 'u-1' });
    expect(fold('RA-01', [performed('RA-01'), performed('AT-01'), owned])).toMatchObject({
      occurrences: [1],
      exceptions: [],
    });
    expect(fold('RA-01', [performed('RA-01', { outcome: 'failure' })]).occurrences).toEqual([]);
    const foreign = performed('RA-01');
    const other: Told = { ...foreign, data: { ...(foreign.data as object), framework: 'soc2' } };
    expect(fold('RA-01', [other]).occurrences).toEqual([]);
    expect(fold('RA-01', [performed('RA-01', { actor: agent('log-analyst') })]).occurrences).toEqual([]);
  });

  it('count as of when it was done, and what is told a month later is an exception until one is told in time', () => {
    const test = controlOf('RA-01')?.test;
    const on: (number | undefined)[] = [];
    const [entry] = entriesOf([performed('RA-01', { after: 3 * DAY })]);
    if (test === undefined || entry === undefined) throw new Error('nothing to take');
    const nothing = () => undefined;
    const sink = { deviation: nothing, fixed: nothing, cadence: nothing };
    test.take(test.begin(), entry, { ...sink, occurrence: (time) => on.push(time) });
    expect(on).toEqual([START]);
    expect(fold('RA-01', [performed('RA-01', { after: 31 * DAY })]).exceptions).toEqual([]);
    const late = performed('RA-01', { after: 31 * DAY + 1 });
    expect(fold('RA-01', [late])).toMatchObject({ occurrences: [1], exceptions: ['recorded-late:1'] });
    const inTime = changed(
      'RA-01',
      { kind: 'performed', on: at(39 * DAY), note: SEALED },
      { actor: user('u-1'), after: 40 * DAY },
    );
    expect(fold('RA-01', [late, inTime]).exceptions).toEqual(['recorded-late:1 fixed by 2']);
  });
});

describe('access reviews (AR-01)', () => {
  const opened = changed(
    'AR-01',
    {
      kind: 'review-opened',
      campaign: 'review-1',
      due: at(14 * DAY),
      subjects: [
        { id: 'u-1', role: 'owner' },
        { id: 'u-2', role: 'viewer' },
      ],
      root: D('a'),
    },
    { after: 0, actor: user('u-1') },
  );
  const decided = (subject: string, by: string, after: number, campaign = 'review-1') =>
    changed(
      'AR-01',
      { kind: 'review-decided', campaign, subject, decision: 'keep', note: SEALED },
      { after, actor: user(by) },
    );
  const closed = (undecided: number, after: number, campaign = 'review-1') =>
    changed('AR-01', { kind: 'review-closed', campaign, decided: 2 - undecided, undecided }, { after });

  const both = (after: number, campaign = 'review-1') => [
    decided('u-1', 'u-2', after, campaign),
    decided('u-2', 'u-1', after + 1, campaign),
  ];

  it('operate when a review is closed in time with everybody decided on', () => {
    const chain = [opened, decided('u-1', 'u-2', HOUR), decided('u-2', 'u-1', HOUR + 1), closed(0, DAY)];
    expect(fold('AR-01', chain, 90 * DAY)).toMatchObject({ occurrences: [4], exceptions: [] });
  });

  it('deviate when one is overdue, until it is closed', () => {
    expect(fold('AR-01', [opened], 14 * DAY).exceptions).toEqual([]);
    expect(fold('AR-01', [opened], 14 * DAY + 1).exceptions).toEqual(['overdue:1']);
    const chain = [opened, ...both(HOUR), closed(0, 20 * DAY)];
    expect(fold('AR-01', chain, 90 * DAY).exceptions).toEqual(['overdue:1 fixed by 4']);
  });

  it('deviate when somebody was left out, until a review leaves nobody out', () => {
    const first = fold('AR-01', [opened, closed(1, DAY)], 2 * DAY);
    expect(first).toMatchObject({ occurrences: [], exceptions: ['undecided:2'] });
    const other = { ...(opened.data as { change: object }) };
    const second: Told = {
      ...opened,
      after: 2 * DAY,
      data: { ...other, change: { ...other.change, campaign: 'review-2' } },
    };
    const decisions = both(3 * DAY, 'review-2');
    const again = [opened, closed(1, DAY), second, ...decisions, closed(0, 4 * DAY, 'review-2')];
    expect(fold('AR-01', again, 5 * DAY)).toMatchObject({ occurrences: [6], exceptions: ['undecided:2 fixed by 6'] });
  });

  it('deviate when somebody or a key with access is not on the list, until a later review has everybody', () => {
    const key = told(
      'auth.api_key_created',
      { apiKey: 'key-1', scopes: ['trail.read'], expiresAt: at(30 * DAY) },
      { actor: user('u-1') },
    );
    const of = (subjects: readonly string[], after: number, campaign = 'review-1'): Told => {
      const { change } = opened.data as { change: object };
      const due = at(after + 14 * DAY);
      const list = subjects.map((id) => ({ id, role: 'viewer' }));
      return {
        ...opened,
        after,
        data: { ...(opened.data as object), change: { ...change, campaign, due, subjects: list } },
      };
    };
    const both1 = of(['u-1', 'u-2'], HOUR);
    const first = fold('AR-01', [key, both1]);
    expect(first).toMatchObject({ exceptions: ['left-out:2'] });
    expect(first.texts).toEqual(['Had access and are not in the review: the API key key-1.']);
    // not again left out once it ran out or was revoked
    expect(fold('AR-01', [key, of(['u-1', 'u-2'], 30 * DAY)]).exceptions).toEqual([]);
    const revoked = told('auth.api_key_revoked', { apiKey: 'key-1', reason: 'revoked' }, { actor: user('u-1') });
    expect(fold('AR-01', [key, revoked, both1]).exceptions).toEqual([]);
    // closing it puts nothing right, nor does another that leaves it out, nor one with somebody undecided
    const closing = [...both(2 * HOUR), closed(0, 3 * HOUR)];
    expect(fold('AR-01', [key, both1, ...closing]).exceptions).toEqual(['left-out:2']);
    const again = [of(['u-1', 'u-2'], DAY, 'review-2'), ...both(2 * DAY, 'review-2'), closed(0, 3 * DAY, 'review-2')];
    expect(fold('AR-01', [key, both1, ...closing, ...again]).exceptions).toEqual(['left-out:2', 'left-out:6']);
    const whole = [of(['u-1', 'u-2', 'key-1'], 4 * DAY, 'review-3'), ...both(5 * DAY, 'review-3')];
    const undecided = [...whole, closed(1, 6 * DAY, 'review-3')];
    expect(fold('AR-01', [key, both1, ...closing, ...undecided]).exceptions).toContain('left-out:2');
    const all = [...whole, decided('key-1', 'u-2', 5 * DAY + 9, 'review-3'), closed(0, 6 * DAY, 'review-3')];
    expect(fold('AR-01', [key, both1, ...closing, ...again, ...all]).exceptions).toEqual([
      'left-out:2 fixed by 14',
      'left-out:6 fixed by 14',
    ]);
    const added = told(
      'tenant.user_added',
      { user: 'u-3', role: 'viewer', name: SEALED },
      { target: { type: 'user', id: 'u-3' } },
    );
    expect(fold('AR-01', [added, both1]).texts).toEqual(['Had access and are not in the review: u-3.']);
  });

  it('are counted by the decisions on record, of the first list, and not by what a closing says', () => {
    expect(fold('AR-01', [opened, closed(0, DAY)])).toMatchObject({ occurrences: [], exceptions: ['undecided:2'] });
    const own = [opened, decided('u-1', 'u-1', HOUR), decided('u-2', 'u-1', HOUR), closed(0, DAY)];
    expect(fold('AR-01', own)).toMatchObject({ occurrences: [], exceptions: ['self-review:2', 'undecided:4'] });
    const key: Told = { ...decided('u-1', 'u-2', HOUR), actor: { type: 'api_key', id: 'key-1' } };
    const byKey = [opened, key, decided('u-2', 'u-1', HOUR), closed(0, DAY)];
    expect(fold('AR-01', byKey)).toMatchObject({ occurrences: [], exceptions: ['not-a-person:2', 'undecided:4'] });
    const change = { ...(opened.data as { change: object }).change, due: at(80 * DAY), subjects: [] };
    const shorter: Told = { ...opened, after: HOUR, data: { ...(opened.data as object), change } };
    expect(fold('AR-01', [opened, shorter, closed(0, 20 * DAY)]).exceptions).toEqual([
      'overdue:1 fixed by 3',
      'undecided:3',
    ]);
  });

  it('deviate when somebody decides on themselves, an alias or a key of theirs', () => {
    expect(fold('AR-01', [opened, decided('u-1', 'u-1', HOUR)]).exceptions).toEqual(['self-review:2']);
    const alias = told(
      'tenant.configuration_changed',
      { setting: 'people.alias', old: null, new: 'u-1' },
      { target: { type: 'user', id: 'u-2' } },
    );
    expect(fold('AR-01', [alias, opened, decided('u-2', 'u-1', HOUR)]).exceptions).toEqual(['self-review:3']);
    const key = told(
      'auth.api_key_created',
      { apiKey: 'key-1', scopes: ['trail.read'], expiresAt: null },
      { actor: user('u-1') },
    );
    expect(fold('AR-01', [key, opened, decided('key-1', 'u-1', HOUR)]).exceptions).toEqual([
      'left-out:2',
      'self-review:3',
    ]);
  });
});
