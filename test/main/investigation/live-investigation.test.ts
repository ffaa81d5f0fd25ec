import { describe, expect, it, vi } from 'vitest';
import { createLiveInvestigation } from '#main/investigation/live-investigation.ts';
import { emptyInvestigation } from '#main/investigation/new-investigation.ts';
import type { Investigation } from '#shared/model/investigation.ts';

function live(save: (investigation: Investigation) => void = () => undefined) {
  const shown: Investigation[] = [];
  const initial = emptyInvestigation('inv-0001', 'inc-0001', '2026-01-01T00:00:00.000Z');
  return { shown, it: createLiveInvestigation(initial, { save, publish: (one) => shown.push(one) }) };
}

describe('a live investigation', () => {
  it('shows a step only after it is kept', () => {
    const kept: Investigation[] = [];
    const state = live((one) => kept.push(one));
    state.it.update({ considered: 3 });
    expect([kept.at(-1)?.considered, state.shown.at(-1)?.considered]).toEqual([3, 3]);
  });

  it('takes no step that cannot be kept', () => {
    const state = live(() => {
      throw new Error('disk full');
    });
    expect(() => state.it.update({ considered: 3 })).toThrow('disk full');
    expect(state.it.current.considered).toBe(0);
    expect(state.shown).toEqual([]);
  });

  it('shows an end even when it cannot be kept', () => {
    const state = live(() => {
      throw new Error('disk full');
    });
    expect(() => state.it.end({ status: 'failed' })).toThrow('disk full');
    expect(state.shown.at(-1)?.status).toBe('failed');
  });

  it('shows progress of many calls together, the last state last', () => {
    vi.useFakeTimers();
    const state = live();
    for (let calls = 1; calls <= 100; calls += 1) state.it.progress('log-analyst', { calls });
    expect(state.shown).toEqual([]);
    vi.advanceTimersByTime(1000);
    expect(state.shown).toHaveLength(1);
    expect(state.shown[0]?.agents.map(({ calls }) => calls)).toEqual([0, 100, 0]);
    state.it.progress('log-analyst', { calls: 101 });
    state.it.release();
    expect(state.shown).toHaveLength(2);
    vi.advanceTimersByTime(1000);
    expect(state.shown).toHaveLength(2);
    vi.useRealTimers();
  });
});
