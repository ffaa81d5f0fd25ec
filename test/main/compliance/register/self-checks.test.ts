import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { runSelfChecks, type SelfCheck } from '#main/compliance/register/self-checks.ts';
import { CausewayError } from '#shared/errors.ts';

const holds: SelfCheck = async () => ({ result: 'holds', detail: 'refused three times', evidence: '{"refused":3}' });

describe('self-checks', () => {
  it('run in the order of their ids and name what they saw by its digest', async () => {
    const ran: string[] = [];
    const noting =
      (id: string): SelfCheck =>
      async () => {
        ran.push(id);
        return holds();
      };
    const results = await runSelfChecks({ 'SC-04': noting('SC-04'), 'AC-01': noting('AC-01') });
    expect(ran).toEqual(['AC-01', 'SC-04']);
    expect(results[0]).toEqual({
      control: 'AC-01',
      result: 'holds',
      detail: 'refused three times',
      digest: createHash('sha256').update('{"refused":3}').digest('hex'),
    });
  });

  it('fail when they throw, and the others go on', async () => {
    const told: unknown[] = [];
    const throwing: SelfCheck = () => Promise.reject(new CausewayError('denied', 'The door was open.'));
    const bug: SelfCheck = () => {
      throw new TypeError('x is not a function');
    };
    const results = await runSelfChecks(
      { 'AC-01': throwing, 'AC-02': bug, 'AC-03': holds },
      { onError: (_, control) => told.push(control) },
    );
    expect(results.map(({ result, detail }) => `${result}: ${detail}`)).toEqual([
      'fails: The door was open.',
      'fails: TypeError: x is not a function',
      'holds: refused three times',
    ]);
    expect(told).toEqual(['AC-01', 'AC-02']);
  });

  it('fail when they do not end in time', async () => {
    const results = await runSelfChecks({ 'AC-01': () => new Promise(() => undefined) }, { withinMs: 20 });
    expect(results).toMatchObject([{ result: 'fails' }]);
  });

  it('say something, and no more than a record holds', async () => {
    const wordy: SelfCheck = async () => ({ result: 'partial', detail: `${'x'.repeat(999)}😀`, evidence: '' });
    const silent: SelfCheck = async () => ({ result: 'absent', detail: ' ', evidence: '' });
    const [first, second] = await runSelfChecks({ 'AC-01': wordy, 'AC-02': silent });
    expect(first?.detail.length).toBeLessThanOrEqual(1000);
    expect(first?.detail.isWellFormed()).toBe(true);
    expect(second?.detail).toBe('Nothing was said.');
  });

  it('are of controls there are', async () => {
    await expect(runSelfChecks({ 'ZZ-99': holds })).rejects.toMatchObject({ code: 'not-found' });
  });
});
