import { describe, expect, test } from 'vitest';
import { presentPending } from '#main/cli/commands/approve.ts';
import { askDecision } from '#main/cli/decide.ts';
import { presentOutcome } from '#main/cli/present.ts';
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

describe('how far an approval has come', () => {
  const pending = (more: object) => ({
    remediation: sampleRemediation(),
    requestedByName: 'Somebody',
    required: 2,
    eligible: 3,
    given: [{ by: 'u-0123456789ab', name: 'A Person', at: '2026-01-15T10:05:00.000Z', record: 'c'.repeat(64) }],
    ...more,
  });

  test('is said before anybody decides', () => {
    const text = presentPending(pending({}));
    expect(text).toContain('1 of 2: A Person; 3 may give one');
    expect(text).toContain('remediator, for Somebody (u-1000)');
    expect(presentPending(pending({ required: 1, given: [] }))).not.toContain('Approvals:');
  });

  test('and after one of several', () => {
    const approvals = [{ by: 'u-0123456789ab', at: '2026-01-15T10:05:00.000Z', record: 'c'.repeat(64) }];
    expect(presentOutcome({ ...sampleRemediation(), required: 2, approvals })).toBe(
      '1 of 2 approvals; another person has to approve, too. Until then nothing is changed.\n',
    );
    expect(presentOutcome({ ...sampleRemediation(), required: 3, approvals })).toContain('2 other people have');
  });
});
