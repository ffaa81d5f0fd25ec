import { describe, expect, it } from 'vitest';
import { completesProposal, type RecordedApproval } from '#main/approvals/completes-proposal.ts';
import type { AuditData } from '#shared/model/audit-data.ts';

const SEALED = { sealed: 'A'.repeat(43) };
const [ONE, OTHER] = ['1'.repeat(64), '2'.repeat(64)];

function approval(
  seq: number,
  by: string,
  { request = ONE, ...data }: Partial<AuditData<'remediation.approved'>> & { readonly request?: string } = {},
): RecordedApproval {
  const full: AuditData<'remediation.approved'> = {
    planDigest: 'a'.repeat(64),
    justification: SEALED,
    channel: 'dialog',
    rule: 'approve-by-a-person',
    policyVersion: 'b'.repeat(64),
    reauthentication: 'password',
    ...data,
  };
  return {
    record: {
      v: 1,
      chain: '00000000-0000-4000-8000-000000000000',
      tenant: 'acme',
      seq,
      time: '2026-03-01T12:00:00.000Z',
      action: 'remediation.approved',
      outcome: 'success',
      actor: { type: 'user', id: by },
      target: { type: 'remediation', id: 'rem-0001' },
      links: { request },
      data: full,
      key: '0'.repeat(16),
      prev: '0'.repeat(64),
    },
    data: full,
  };
}

describe('whether a plan could be carried out with an approval', () => {
  const [first, second] = [approval(5, 'u-1'), approval(6, 'u-2')];

  it.each<readonly [string, RecordedApproval, readonly RecordedApproval[], number | undefined, boolean]>([
    ['the only one that is needed', first, [first], 1, true],
    ['one of an earlier version', first, [first], undefined, true],
    ['the first of two', first, [first, second], 2, false],
    ['the second of two', second, [first, second], 2, true],
    ['the second by the same account', approval(6, 'u-1'), [first], 2, false],
    ['the second after one of another proposal', second, [approval(5, 'u-1', { request: OTHER })], 2, false],
    ['the second after other policies', second, [approval(5, 'u-1', { policyVersion: 'c'.repeat(64) })], 2, false],
    ['the second after one given alone', second, [approval(5, 'u-1', { breakGlass: SEALED })], 2, false],
    ['one given alone', approval(5, 'u-1', { breakGlass: SEALED }), [], 2, true],
  ])('%s', (_title, one, others, required, expected) => {
    expect(completesProposal(one, others, required)).toBe(expected);
  });
});
