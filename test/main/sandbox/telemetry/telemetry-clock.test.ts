import { expect, test } from 'vitest';
import { createTelemetryClock } from '#main/sandbox/telemetry/telemetry-clock.ts';

test('stands still, and passes exactly as long as somebody sleeps, at once', async () => {
  const clock = createTelemetryClock(1000);
  const begun = performance.now();
  await clock.sleep(3_600_000);
  expect(performance.now() - begun).toBeLessThan(1000);
  expect(clock.now()).toBe(3_601_000);
});

test('an aborted sleep rejects with the reason and passes no time', async () => {
  const clock = createTelemetryClock(0);
  await expect(clock.sleep(10, AbortSignal.abort(new Error('cancelled')))).rejects.toThrow('cancelled');
  await expect(clock.sleep(-1)).rejects.toThrow(RangeError);
  expect(clock.now()).toBe(0);
});
