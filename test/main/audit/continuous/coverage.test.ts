import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BLOCK,
  blockCount,
  type CoverageState,
  endOf,
  freshWork,
  listProblems,
  NOTHING_CHECKED,
  newsKey,
  nextWork,
  type RangeFindings,
  summarise,
  type Work,
  withRange,
} from '#main/audit/continuous/coverage.ts';
import { mergeRanges, toCoverage } from '#main/audit/continuous/coverage-view.ts';
import { Coverage } from '#shared/ipc/verification-views.ts';

const HEAD = 'a'.repeat(64);
const HOUR = 3_600_000;

function good(work: Extract<Work, { kind: 'range' }>): RangeFindings {
  const { from, to } = work;
  return { from, to, head: HEAD, nodes: ['AA=='], problems: [], problemCount: 0, failures: 0 };
}

function bad(work: Extract<Work, { kind: 'range' }>, seq: number): RangeFindings {
  const problems = [{ line: 0, seq, code: 'hash' as const, message: 'wrong' }];
  return { ...good(work), problems, problemCount: 1, failures: 1 };
}

function take(state: CoverageState, work: Work, at: number, isBad = false): CoverageState {
  if (work.kind === 'whole') return { ...state, whole: { at, problems: [], problemCount: 0 } };
  return withRange(state, work.block, isBad ? bad(work, work.from + 1) : good(work), at);
}

/** Does everything there is to do at one instant. */
function runAll(state: CoverageState, records: number, at: number): { state: CoverageState; works: Work[] } {
  const works: Work[] = [];
  let now = state;
  for (let next = nextWork(now, records, at - HOUR); next !== null; next = nextWork(now, records, at - HOUR)) {
    works.push(next.work);
    now = take(now, next.work, at);
    if (works.length > 10_000) throw new Error('it never ends');
  }
  return { state: now, works };
}

const sizes = fc.integer({ min: 1, max: BLOCK * 40 });

describe('what to check next', () => {
  it('is everything once, newest first, then nothing until it is old', () => {
    fc.assert(
      fc.property(sizes, (records) => {
        const { state, works } = runAll(NOTHING_CHECKED, records, HOUR * 10);
        const blocks = works.flatMap((work) => (work.kind === 'range' ? [work.block] : []));
        expect(blocks).toEqual(Array.from({ length: blockCount(records) }, (_none, at) => at).reverse());
        expect(works.at(-1)).toEqual({ kind: 'whole' });
        expect(summarise(state, records)).toEqual({ to: records, complete: true, failures: 0, oldest: HOUR * 10 });
        expect(nextWork(state, records, HOUR * 10)).toBeNull();
        expect(nextWork(state, records, HOUR * 10 + 1)?.again).toBe(true);
      }),
    );
  });

  it('of a chain that grew is what came since, and no more', () => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: BLOCK * 3 }), (records, more) => {
        const { state } = runAll(NOTHING_CHECKED, records, HOUR);
        const { state: later, works } = runAll(state, records + more, HOUR + 1);
        const read = works.reduce((sum, work) => sum + (work.kind === 'range' ? work.to - work.from : 0), 0);
        expect(read).toBe(more);
        expect(summarise(later, records + more)).toMatchObject({ to: records + more, complete: true });
      }),
    );
  });

  it('goes round by age', () => {
    let state = runAll(NOTHING_CHECKED, BLOCK * 3, HOUR).state;
    state = take(state, { kind: 'range', block: 1, from: BLOCK, to: BLOCK * 2 }, HOUR + 5);
    const order: unknown[] = [];
    for (let at = HOUR * 3; at < HOUR * 3 + 4; at++) {
      const next = nextWork(state, BLOCK * 3, at - HOUR);
      if (next === null) break;
      order.push(next.work.kind === 'range' ? next.work.block : next.work.kind);
      state = take(state, next.work, at);
    }
    expect(order).toEqual(['whole', 0, 2, 1]);
  });

  it('leaves a block alone that is being read', () => {
    const next = nextWork(NOTHING_CHECKED, BLOCK * 2, 0, 1);
    expect(next?.work).toEqual({ kind: 'range', block: 0, from: 0, to: BLOCK });
  });

  it('begins a block again where no tree was left to go on from', () => {
    const work = { kind: 'range', block: 0, from: 0, to: 100 } as const;
    const state = withRange(NOTHING_CHECKED, 0, { ...bad(work, 7), nodes: null }, HOUR);
    expect(freshWork(state, 120)).toEqual({ kind: 'range', block: 0, from: 0, to: 120 });
    expect(freshWork(withRange(NOTHING_CHECKED, 0, good(work), HOUR), 120)).toMatchObject({ from: 100 });
  });
});

describe('the ranges shown', () => {
  const step = fc.record({
    block: fc.integer({ min: 0, max: 39 }),
    part: fc.integer({ min: 1, max: BLOCK }),
    bad: fc.boolean(),
    at: fc.integer({ min: 1, max: 1_000_000 }),
  });

  it('cover every record once, in order, whatever was checked, and say no more than is known', () => {
    fc.assert(
      fc.property(sizes, fc.array(step, { maxLength: 60 }), (records, steps) => {
        let state = NOTHING_CHECKED;
        for (const { block, part, bad: isBad, at } of steps) {
          const begin = block * BLOCK;
          if (begin >= records) continue;
          const to = Math.min(begin + part, endOf(block, records));
          state = take(state, { kind: 'range', block, from: begin, to }, at, isBad);
        }
        const coverage = toCoverage(state, records, null, true);
        expect(Coverage.parse(coverage)).toEqual(coverage);
        let next = 1;
        for (const { first, last } of coverage.ranges) {
          expect(first).toBe(next);
          expect(last).toBeGreaterThanOrEqual(first);
          next = last + 1;
        }
        expect(next).toBe(records + 1);
        const states = coverage.ranges.map(({ state: word }) => word);
        expect(states.every((word, at) => word !== states[at - 1])).toBe(true);
        const counted = (isBad: boolean) =>
          state.blocks.reduce(
            (sum, known, at) => sum + (known !== undefined && known.failures > 0 === isBad ? known.to - at * BLOCK : 0),
            0,
          );
        expect([coverage.valid, coverage.invalid]).toEqual([counted(false), counted(true)]);
        expect(coverage.oldest === null).toBe(states.includes('unchecked'));
      }),
    );
  });

  it('are a thousand at most, and what is damaged stays in sight', () => {
    let state = NOTHING_CHECKED;
    const records = BLOCK * 5000;
    for (let block = 0; block < 5000; block += 2) {
      const work = { kind: 'range', block, from: block * BLOCK, to: (block + 1) * BLOCK } as const;
      state = take(state, work, HOUR, block === 2048);
    }
    const { ranges } = toCoverage(state, records, null, true);
    expect(ranges.length).toBeLessThanOrEqual(1000);
    expect(ranges.at(-1)?.last).toBe(records);
    const damaged = ranges.find(({ state: word }) => word === 'invalid');
    expect(damaged?.first).toBeLessThanOrEqual(2048 * BLOCK + 1);
    expect(damaged?.last).toBeGreaterThanOrEqual(2049 * BLOCK);
    expect(mergeRanges(ranges)).toEqual(ranges);
  });

  it('show what is being read, but not in the place of what is known to be damaged', () => {
    const state = take(NOTHING_CHECKED, { kind: 'range', block: 0, from: 0, to: BLOCK }, HOUR, true);
    const shown = toCoverage(state, BLOCK * 2, { first: 1, last: BLOCK * 2 }, true).ranges;
    expect(shown.map(({ state: word }) => word)).toEqual(['invalid', 'checking']);
  });
});

describe('what was found', () => {
  const work = { kind: 'range', block: 0, from: 0, to: 500 } as const;

  it('stays while records come, and goes only when all of the block is found good', () => {
    let state = withRange(NOTHING_CHECKED, 0, bad(work, 44), HOUR);
    expect(state.pins[0]).toBeUndefined();
    state = withRange(state, 0, good({ ...work, from: 500, to: 700 }), HOUR + 1);
    expect(summarise(state, 700)).toMatchObject({ failures: 1, to: 700 });
    expect(state.pins[0]).toBeUndefined();
    state = withRange(state, 0, good({ ...work, to: 700 }), HOUR + 2);
    expect(summarise(state, 700)).toMatchObject({ failures: 0 });
    expect(state.pins[0]).toMatchObject({ seq: 700, hash: HEAD, at: HOUR + 2 });
  });

  it('keeps the record that was good once, when it is not found again', () => {
    let state = withRange(NOTHING_CHECKED, 0, good(work), HOUR);
    state = withRange(state, 0, { ...bad(work, 44), head: 'b'.repeat(64) }, HOUR + 1);
    expect(state.pins[0]).toMatchObject({ seq: 500, hash: HEAD, at: HOUR });
  });

  it('is listed once, in order of the records', () => {
    let state = withRange(NOTHING_CHECKED, 1, bad({ ...work, block: 1, from: BLOCK, to: BLOCK + 10 }, BLOCK + 1), HOUR);
    state = withRange(state, 0, bad(work, BLOCK + 1), HOUR);
    state = {
      ...state,
      whole: { at: HOUR, problems: [{ line: 0, code: 'schema', message: 'guards' }], problemCount: 1 },
    };
    expect(listProblems(state)).toMatchObject({ count: 2, problems: [{ seq: BLOCK + 1 }, { code: 'schema' }] });
  });

  it('is one piece of news where only numbers differ, and another for another record', () => {
    const root = (size: number) => ({ line: 0, code: 'root' as const, message: `the root of ${size} records is not` });
    expect(newsKey(root(1000))).toBe(newsKey(root(2000)));
    expect(newsKey({ ...root(1), seq: 5 })).not.toBe(newsKey({ ...root(1), seq: 6 }));
  });
});
