import { describe, expect, test } from 'vitest';
import { applyEvent, type ConsoleState } from '#renderer/bridge/console-state.ts';
import { queryOf, setFilter } from '#renderer/features/audit/filter-model.ts';
import { linesOfRecord } from '#renderer/features/audit/record-lines.ts';
import { wordChain } from '#renderer/frame/chain-word.ts';
import type { ChainStatus } from '#shared/ipc/views.ts';

const at = '2026-11-20T10:00:00.000Z';
const now = Date.parse(at) + 12_000;
const status = (verified: ChainStatus['verified'], records = 48_211): ChainStatus => ({
  records,
  head: 'a'.repeat(64),
  keyId: '5c1e90aa00112233',
  checkpoint: null,
  verified,
});

describe('the chain in a line', () => {
  test('never says valid of records that were not checked', () => {
    expect(wordChain(status(null), null, now).text).toBe('Chain not checked yet · 48,211 records');
    expect(wordChain(status({ to: 48_000, at, verdict: 'valid', problems: 0 }), null, now).text).toBe(
      'Chain valid to 48,000 · 48,211 records · checked 12 s ago',
    );
    expect(wordChain(status({ to: 48_211, at, verdict: 'valid', problems: 0 }), null, now)).toMatchObject({
      text: 'Chain valid · 48,211 records · checked 12 s ago',
      tone: 'good',
    });
  });
  test('goes on after a check as records come: valid, valid to, valid again', () => {
    const checked = { to: 1, at, verdict: 'valid', problems: 0 } as const;
    const after = Date.parse(at) + 900;
    expect(wordChain(status(checked, 1), null, after)).toMatchObject({
      text: 'Chain valid · 1 record · checked just now',
      tone: 'good',
      shape: 'check',
    });
    expect(wordChain(status(checked, 3), null, after).text).toBe('Chain valid to 1 · 3 records · checked just now');
    expect(wordChain(status({ ...checked, to: 3 }, 3), null, after).text).toBe(
      'Chain valid · 3 records · checked just now',
    );
    // the clock of the window ticks once a second and may be behind the check
    expect(wordChain(status(checked, 1), null, Date.parse(at) - 900).text).toContain('checked just now');
  });
  test('what contradicts the history goes before what its records say', () => {
    const valid = status({ to: 48_211, at, verdict: 'valid', problems: 0 });
    expect(wordChain(valid, null, now, 'blocked')).toMatchObject({
      text: 'History broken · nothing is written · 48,211 records',
      tone: 'bad',
    });
    expect(wordChain(valid, null, now, 'acknowledged')).toMatchObject({ tone: 'warn', shape: 'diamond' });
    const invalid = status({ to: 9, at, verdict: 'invalid', problems: 1 });
    expect(wordChain(invalid, null, now, 'acknowledged')).toMatchObject({ tone: 'bad' });
  });
  test('says what is broken, and what is being done', () => {
    expect(wordChain(status({ to: 9, at, verdict: 'invalid', problems: 1 }), null, now)).toMatchObject({
      text: 'Chain invalid · 1 problem · checked 12 s ago',
      tone: 'bad',
    });
    expect(wordChain(status(null), { done: 199, total: 200 }, now).text).toBe(
      'Checking the chain · 99 % of 200 records',
    );
  });
});

describe('a record, line by line', () => {
  const bytes = JSON.stringify({
    actor: { name: { sealed: 'S'.repeat(43) } },
    data: { 'a/b': { sealed: 'T'.repeat(43) }, list: [{ x: 1 }, []], text: '<b>' },
  });
  const lines = linesOfRecord(bytes, [{ path: '/data/a~1b', value: 'said' }]);
  test('marks sealed values as disclosed or withheld, by JSON pointer', () => {
    expect(lines.filter((line) => line.sealed !== undefined)).toMatchObject([
      { path: '/actor/name', sealed: null },
      { path: '/data/a~1b', sealed: 'said' },
    ]);
  });
  test('gives every line a path of its own', () => {
    expect(new Set(lines.map((line) => line.path)).size).toBe(lines.length);
  });
  test('throws on bytes that are not JSON', () => {
    expect(() => linesOfRecord('{', [])).toThrow(SyntaxError);
  });
});

describe('filters', () => {
  test('count their time back from now', () => {
    expect(queryOf({ range: 'day', outcome: 'denied' }, now)).toEqual({
      outcome: 'denied',
      from: '2026-11-19T10:00:12.000Z',
    });
  });
  test('lose an action that is not of the category chosen, and what is emptied', () => {
    expect(setFilter({ action: 'auth.token_issued' }, { category: 'incident' })).toEqual({ category: 'incident' });
    expect(setFilter({ action: 'auth.token_issued' }, { category: 'auth' })).toEqual({
      action: 'auth.token_issued',
      category: 'auth',
    });
    expect(setFilter({ text: 'a', actor: 'b' }, { text: '  ' })).toEqual({ actor: 'b' });
  });
});

test('a finished verification ends its progress, another chain event does not', () => {
  const chain = status({ to: 5, at, verdict: 'valid', problems: 0 }, 5);
  const state = {
    info: {},
    incidents: [],
    pending: [],
    chain,
    verifying: { done: 1, total: 5 },
  } as unknown as ConsoleState;
  expect(applyEvent(state, { type: 'chain', status: { ...chain, records: 6 } }).verifying).toEqual({
    done: 1,
    total: 5,
  });
  const checked = status({ to: 6, at: '2026-11-20T10:00:01.000Z', verdict: 'valid', problems: 0 }, 6);
  expect(applyEvent(state, { type: 'chain', status: checked }).verifying).toBeNull();
  expect(applyEvent(state, { type: 'verifying', done: 5, total: 5 }).verifying).toBeNull();
});
