import { describe, expect, test } from 'vitest';
import { askDecision } from '#main/cli/decide.ts';
import { recordedIo } from '../../support/recorded-io.ts';
import { sampleRemediation } from '../../support/sample-remediation.ts';

describe('asking a person in the terminal', () => {
  test('shows all that decides before it asks', async () => {
    const io = recordedIo([]);
    await askDecision(sampleRemediation(), io);
    for (const shown of [
      'Roll back checkout to revision 41',
      'ecs:UpdateService on arn:aws:ecs:us-east-1:000000000001:service/prod/checkout',
      'checkout:42',
      'checkout:41',
      '6 tasks of 1 service',
      'Deploy revision 42 again',
      'remediator, for u-1000',
      'A person approves every change',
      '15 minutes',
      'b'.repeat(64),
      '2026-01-15T10:33:00.000Z',
    ])
      expect(io.out()).toContain(shown);
  });

  test('the whole word and a reason make a decision', async () => {
    const io = recordedIo(['y', 'approve', 'short', 'latency is back after the rollback in staging']);
    expect(await askDecision(sampleRemediation(), io)).toEqual({
      decision: 'approve',
      justification: 'latency is back after the rollback in staging',
    });
    expect(
      await askDecision(sampleRemediation(), recordedIo(['reject', 'the cause is another service'])),
    ).toMatchObject({ decision: 'reject' });
  });

  test.each([
    ['nobody there', []],
    ['three other answers', ['yes', 'ok', 'Approve!']],
    ['end of input before the reason', ['approve']],
    ['no reason worth the name', ['approve', 'ok', '', 'fine']],
  ])('%s is no decision', async (_name, answers) => {
    expect(await askDecision(sampleRemediation(), recordedIo(answers))).toBeNull();
  });
});
