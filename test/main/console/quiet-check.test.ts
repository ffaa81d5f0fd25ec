import { describe, expect, test, vi } from 'vitest';
import { createQuietCheck } from '#main/console/quiet-check.ts';
import { CausewayError } from '#shared/errors.ts';
import type { Verdict } from '#shared/model/verdict.ts';

const verdict = { verdict: 'valid', last: 12 } as Verdict;

function setUp(seq: number, verify: () => Promise<Verdict> = async () => verdict) {
  vi.useFakeTimers();
  const verified = vi.fn(verify);
  const found = vi.fn(async () => {});
  const onError = vi.fn();
  let checked = 0;
  const check = createQuietCheck({
    store: { head: () => ({ seq, hash: 'a' }), verify: verified },
    checkedTo: () => checked,
    found,
    onError,
  });
  return { check, verified, found, onError, checkedTo: (to: number) => (checked = to) };
}

describe('the unasked check of the own chain', () => {
  test('waits until it is quiet, then checks once', async () => {
    const { check, verified, found } = setUp(12);
    for (let i = 0; i < 5; i += 1) {
      check.request();
      await vi.advanceTimersByTimeAsync(500);
    }
    expect(verified).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1000);
    expect(verified).toHaveBeenCalledTimes(1);
    expect(found).toHaveBeenCalledWith(verdict);
  });

  test('leaves alone what is known already, and what is too long to check unasked', async () => {
    const known = setUp(12);
    known.checkedTo(12);
    known.check.request();
    await vi.advanceTimersByTimeAsync(2000);
    expect(known.verified).not.toHaveBeenCalled();
    const long = setUp(3001);
    long.check.request();
    await vi.advanceTimersByTimeAsync(2000);
    expect(long.verified).not.toHaveBeenCalled();
  });

  test('tells a failure, keeps quiet about being stopped', async () => {
    const failing = setUp(12, () => Promise.reject(new Error('disk')));
    failing.check.request();
    await vi.advanceTimersByTimeAsync(2000);
    expect(failing.onError).toHaveBeenCalledTimes(1);
    const stopped = setUp(12, () => Promise.reject(new CausewayError('cancelled', 'closing')));
    stopped.check.request();
    await vi.advanceTimersByTimeAsync(2000);
    expect(stopped.onError).not.toHaveBeenCalled();
    stopped.check.stop();
    stopped.check.request();
    await vi.advanceTimersByTimeAsync(2000);
    expect(stopped.verified).toHaveBeenCalledTimes(1);
  });
});
