import { describe, expect, test } from 'vitest';
import { countCosigned, joinPages, mayHaveMore, PAGE } from '#renderer/features/verification/checkpoint-pages.ts';
import {
  countByState,
  drawBand,
  extendCoverage,
  judgeOldest,
  printShare,
} from '#renderer/features/verification/coverage-band.ts';
import { markSections } from '#renderer/features/verification/section-marks.ts';
import { orderAttacks, wordSelfTest } from '#renderer/features/verification/self-test-words.ts';
import { wordRunning, wordSource, wordStanding } from '#renderer/features/verification/standing-words.ts';
import { readVkey } from '#renderer/features/verification/vkey.ts';
import { addAlarm, alarmOfCoverage, countOpenBreaks } from '#renderer/frame/history-state.ts';
import { formatRoute, parseRoute } from '#renderer/navigation/route.ts';
import type { CheckpointRow, Coverage, CoverageRange, HistoryBreak, Standing } from '#shared/ipc/verification-views.ts';

const at = '2026-11-20T10:00:00.000Z';
const range = (first: number, last: number, state: CoverageRange['state']): CoverageRange => ({
  first,
  last,
  state,
  checkedAt: state === 'unchecked' ? null : at,
});
const coverage = (records: number, ranges: CoverageRange[], more: Partial<Coverage> = {}): Coverage => ({
  records,
  valid: ranges.filter(({ state }) => state === 'valid').reduce((sum, { first, last }) => sum + last - first + 1, 0),
  invalid: ranges.filter(({ state }) => state === 'invalid').length,
  ranges,
  oldest: at,
  running: false,
  problems: [],
  problemCount: 0,
  ...more,
});
const found: HistoryBreak = {
  id: 'b1',
  kind: 'rolled-back',
  text: 'The database was rolled back.',
  foundAt: at,
  source: 'keychain',
  seq: 8,
  bundle: null,
  acknowledged: null,
};
const WHOLE: Standing = { state: 'whole', breaks: [] };
const BLOCKED: Standing = { state: 'blocked', breaks: [found] };
const ACKNOWLEDGED: Standing = {
  state: 'acknowledged',
  breaks: [{ ...found, acknowledged: { at, seq: 8, by: 'u-1' } }],
};

describe('the band of coverage', () => {
  test('has a cell a record where there is room', () => {
    expect(drawBand([range(1, 3, 'valid'), range(4, 5, 'unchecked')], 5)).toEqual([
      { state: 'valid', cells: 3, first: 1, last: 3 },
      { state: 'unchecked', cells: 2, first: 4, last: 5 },
    ]);
  });
  test('shows one damaged record of a million, and nothing as valid beside it in its cell', () => {
    const band = drawBand(
      [range(1, 499_999, 'valid'), range(500_000, 500_000, 'invalid'), range(500_001, 1_000_000, 'valid')],
      1_000_000,
    );
    expect(band.map(({ state, cells }) => [state, cells])).toEqual([
      ['valid', 79],
      ['invalid', 1],
      ['valid', 80],
    ]);
    expect(band.reduce((sum, { cells }) => sum + cells, 0)).toBe(160);
    expect(band[1]).toMatchObject({ first: 493_751, last: 500_000 });
  });
  test('a cell of which one record is unchecked is unchecked, and so is what nobody told of', () => {
    const band = drawBand([range(1, 9_999, 'valid'), range(10_000, 10_000, 'unchecked')], 10_000);
    expect(band.at(-1)?.state).toBe('unchecked');
    expect(drawBand([range(1, 5, 'valid')], 10)).toEqual([
      { state: 'valid', cells: 5, first: 1, last: 5 },
      { state: 'unchecked', cells: 5, first: 6, last: 10 },
    ]);
    expect(drawBand([], 0)).toEqual([]);
  });
  test('counts add up to all records', () => {
    expect(countByState(coverage(10, [range(1, 6, 'valid'), range(7, 7, 'invalid')]))).toEqual({
      valid: 6,
      checking: 0,
      unchecked: 3,
      invalid: 1,
    });
  });
  test('what was written since is not checked', () => {
    const told = coverage(6, [range(1, 6, 'valid')]);
    expect(extendCoverage(told, 6)).toBe(told);
    const grown = extendCoverage(told, 8);
    expect(grown).toMatchObject({ records: 8, valid: 6, oldest: null });
    expect(grown.ranges[1]).toEqual(range(7, 8, 'unchecked'));
    expect(extendCoverage(grown, 9).ranges).toEqual([range(1, 6, 'valid'), range(7, 9, 'unchecked')]);
  });
  test('a check of the beginning of time is one that is due', () => {
    expect([judgeOldest(null), judgeOldest('1970-01-01T00:00:00.000Z'), judgeOldest(at)]).toEqual([
      'never',
      'due',
      'known',
    ]);
  });
  test('100 % means all', () => {
    expect([
      printShare(0, 0),
      printShare(999_999, 1_000_000),
      printShare(10, 10),
      printShare(1, 5000),
      printShare(1, 3),
    ]).toEqual(['0 %', '99.9 %', '100 %', '< 0.1 %', '33.3 %']);
  });
});

describe('how the history stands', () => {
  test('says what was read and no more', () => {
    const all = coverage(3, [range(1, 3, 'valid')]);
    expect(wordStanding(WHOLE, all)).toMatchObject({ state: { word: 'Whole', tone: 'good' } });
    expect(wordStanding(WHOLE, all).sentence).toContain('Each of the 3 records was read again and held.');
    const some = coverage(3, [range(1, 2, 'valid'), range(3, 3, 'unchecked')]);
    expect(wordStanding(WHOLE, some).sentence).toContain('2 of 3 records were read again');
    expect(wordStanding(WHOLE, null).sentence).toBe('No known checkpoint contradicts the records.');
  });
  test('says whether it is read again', () => {
    const all = coverage(3, [range(1, 3, 'valid')]);
    expect(wordRunning(all)).toMatchObject({ word: 'Not running', tone: 'warn' });
    expect(wordRunning({ ...all, running: true }).tone).toBe('calm');
    expect(wordRunning({ ...all, running: true, ranges: [range(1, 3, 'checking')] }).word).toBe('Reading now');
  });
  test('records that do not hold are not whole, and a break stays a break', () => {
    const broken = coverage(3, [range(1, 2, 'valid'), range(3, 3, 'invalid')], { problemCount: 1 });
    expect(wordStanding(WHOLE, broken).state.tone).toBe('bad');
    expect(wordStanding(BLOCKED, null).sentence).toContain('Nothing is written');
    expect(wordStanding(ACKNOWLEDGED, null).state).toMatchObject({ word: 'Broken, acknowledged', tone: 'warn' });
    expect([wordSource(null), wordSource('/mnt/a')]).toEqual(['The database itself', '/mnt/a']);
    expect([countOpenBreaks(BLOCKED), countOpenBreaks(ACKNOWLEDGED)]).toEqual([1, 0]);
  });
});

describe('alarms', () => {
  const event = { type: 'alert', text: 'Record 4 does not hold.', seq: 4, bundle: null } as const;
  test('are listed newest first, each text once, three at most', () => {
    const once = addAlarm([], event);
    expect(addAlarm(once, event)).toEqual(once);
    const many = ['a', 'b', 'c'].reduce((alarms, text) => addAlarm(alarms, { ...event, text }), once);
    expect(many.map(({ text }) => text)).toEqual(['c', 'b', 'a']);
  });
  test('of before the window opened are made from the coverage, unless they are acknowledged', () => {
    const problem = { line: 0, seq: 1234, code: 'hash', message: 'the hash is not that of the bytes' } as const;
    const broken = coverage(2000, [range(1, 2000, 'invalid')], { problems: [problem], problemCount: 2 });
    expect(alarmOfCoverage(broken, WHOLE)).toMatchObject({
      seq: 1234,
      text: 'Record 1,234 of the audit trail does not hold: the hash is not that of the bytes. 2 problems in all.',
    });
    expect(alarmOfCoverage(broken, ACKNOWLEDGED)).toBeNull();
    expect(alarmOfCoverage(broken, null)).toBeNull();
    const warning = { ...problem, code: 'time' } as const;
    expect(alarmOfCoverage({ ...broken, problems: [warning] }, WHOLE)).toBeNull();
  });
});

describe('the self-test', () => {
  const attack = (id: string, held: boolean) => ({ id, text: id, held, detail: '' });
  test('is summed up, and what got through goes first', () => {
    expect(wordSelfTest({ attacks: [attack('a', true)] })).toMatchObject({
      state: { tone: 'good' },
      sentence: '1 of 1 way to change what was written refused or detected',
    });
    const attacks = [attack('a', true), attack('b', false)];
    expect(wordSelfTest({ attacks }).state).toMatchObject({ word: '1 gap', tone: 'bad' });
    expect(orderAttacks(attacks).map(({ id }) => id)).toEqual(['b', 'a']);
    expect(wordSelfTest({ attacks: [] }).state.tone).toBe('warn');
  });
});

test('a verifier key is taken apart from its end: a name may have any sign', () => {
  expect(readVkey('causeway/c1+5c1e90aa+AXy+/w==')).toEqual({ name: 'causeway/c1', keyId: '5c1e90aa' });
  expect(readVkey('nothing of the kind')).toEqual({ name: 'nothing of the kind', keyId: '' });
});

test('pages of checkpoints join without doubles, the newer telling kept', () => {
  const row = (size: number, more: Partial<CheckpointRow> = {}): CheckpointRow => ({
    size,
    root: 'r',
    at,
    keyId: null,
    cosignatures: [],
    ...more,
  });
  const cosigned = row(5, { cosignatures: [{ witness: 'w', keyId: '5c1e90aa', at, state: 'verified' }] });
  const joined = joinPages([row(5), row(3)], [row(8), cosigned]);
  expect(joined.map(({ size }) => size)).toEqual([8, 5, 3]);
  expect(countCosigned(joined)).toBe(1);
  expect(mayHaveMore([row(1)])).toBe(false);
  expect(mayHaveMore(Array.from({ length: PAGE }, (_, size) => row(size)))).toBe(true);
});

test('parts of the screen say what is wrong before they are opened', () => {
  const none = { standing: null, coverage: null, witnesses: null, folders: null, keys: null, selfTest: null };
  expect(markSections(none)).toEqual({});
  const folder = { path: '/a', state: 'behind', size: 1, at, detail: '' } as const;
  const marks = markSections({
    ...none,
    standing: BLOCKED,
    coverage: coverage(3, [range(1, 3, 'valid')]),
    witnesses: [],
    folders: [folder],
  });
  expect(marks.history).toMatchObject({ word: 'Broken', tone: 'bad' });
  expect(marks.witnesses).toMatchObject({ word: '1 late' });
  expect(markSections({ ...none, witnesses: [], folders: [] }).witnesses?.word).toBe('None');
  expect(markSections({ ...none, coverage: coverage(3, [range(1, 3, 'valid')]) }).history?.word).toBe('100 %');
});

test('each part has an address', () => {
  for (const section of ['checkpoints', 'witnesses', 'keys', 'self-test', 'files'] as const) {
    expect(parseRoute(formatRoute({ screen: 'verification', section }))).toEqual({ screen: 'verification', section });
  }
  expect(formatRoute({ screen: 'verification', section: 'history' })).toBe('#/verification');
  expect(parseRoute('#/verification/nowhere')).toEqual({ screen: 'verification' });
});
