import { describe, expect, test } from 'vitest';
import { CEDAR_POLICIES } from '#main/policy/cedar/policies.ts';
import { CEDAR_SCHEMA } from '#main/policy/cedar/schema.ts';
import { problemsOfPolicy } from '#main/policy/check-policy.ts';
import { loadPolicyEngine } from '#main/policy/engine.ts';
import { brokenInvariants } from '#main/policy/invariants.ts';

const inForce = await loadPolicyEngine();
const problems = (text: string, eligible = 9) => problemsOfPolicy(text, { eligible, inForce });
const with_ = (more: string) => `${CEDAR_POLICIES}\n${more}`;
const without = (id: string) => {
  const text = CEDAR_POLICIES.replace(new RegExp(`@id\\("${id}"\\)[\\s\\S]*?\\n(?=\\n@id|$)`), '');
  expect(text).not.toBe(CEDAR_POLICIES);
  return text;
};

test('the own policies have none', () => {
  expect(problems(CEDAR_POLICIES)).toEqual([]);
  expect(problems(CEDAR_POLICIES, 1)).toEqual([]);
  expect(brokenInvariants(inForce)).toEqual([]);
});

describe('a text that cannot be read', () => {
  const lines = CEDAR_POLICIES.split('\n').length;
  test.each([
    ['does not parse', with_('// ü\n@id("a") @reason("b") permit (principal'), lines + 2, 'unexpected end of input'],
    [
      'has an unknown word',
      with_('@id("a") @reason("b")\npermit (principal == Robot::"x", action, resource);'),
      lines + 2,
      'Robot',
    ],
    ['has no id', with_('@reason("b") permit (principal, action, resource);'), lines + 1, '@id'],
    ['has no reason', with_('@id("b") permit (principal, action, resource);'), lines + 1, '@reason'],
    ['has an id twice', with_('@id("no-model") @reason("b")\nforbid (principal, action, resource);'), lines + 1, '@id'],
    [
      'is a template',
      with_('@id("t") @reason("b") permit (principal == ?principal, action, resource);'),
      lines + 1,
      'template',
    ],
    [
      'could err',
      with_('@id("a") @reason("b") forbid (principal, action, resource)\nwhen { context.planDigest == "" };'),
      lines + 2,
      'planDigest',
    ],
  ])('%s: the line is named', (_title, text, line, word) => {
    const found = problems(text);
    expect(found[0]).toContain(word);
    expect(found[0]).toMatch(new RegExp(`^Line ${line}: `));
  });

  test('is empty, or too long', () => {
    expect(problems('')).toHaveLength(1);
    expect(problems(with_('/'.repeat(100_000)))).toHaveLength(1);
    expect(problems(with_('\n'.repeat(6000)))).toHaveLength(1);
  });
});

describe('invariants', () => {
  /** @securityTest A changed policy that lets a requester approve, or anything change without an approval, is refused */
  test.each([
    ['lease-remediation-needs-approval', 'A lease that can change anything may not be issued without an approval'],
    ['approve-not-by-requester', 'Whoever requested a remediation may not approve it'],
    ['approve-not-expired', 'Nothing may be approved after the time to decide has passed'],
    ['approve-what-was-shown', 'A plan may be approved only by somebody who was shown exactly this plan'],
    ['break-glass-in-time', 'Nothing may be approved after the time to decide has passed'],
    ['execute-needs-approval', 'A remediation that nobody approved may not be carried out'],
    ['change-protection-needs-two', 'A protection may not be changed without a second person'],
  ])('without %s it breaks one, with the sentence', async (id, sentence) => {
    const text = without(id);
    expect(problems(text)).toEqual([
      expect.stringContaining(sentence),
      expect.stringContaining(`The rule "${id}" has to stay as it is`),
    ]);
    const engine = await loadPolicyEngine({ policies: text, schema: CEDAR_SCHEMA });
    expect(brokenInvariants(engine)).toEqual([expect.stringContaining(sentence)]);
  });

  test('a rule that is weakened for one person only is found although no request was tried for them', () => {
    const text = CEDAR_POLICIES.replace(
      'when { context.requesters.contains(principal.reference) || context.requesters.contains(principal.human) };',
      'when { principal != User::"u-77" && (context.requesters.contains(principal.reference) || context.requesters.contains(principal.human)) };',
    );
    expect(text).not.toBe(CEDAR_POLICIES);
    expect(problems(text)).toEqual([expect.stringContaining('"approve-not-by-requester" has to stay')]);
  });

  test('another layout, comment or sentence of a rule is no change of it', () => {
    const text = CEDAR_POLICIES.replace(
      '@reason("Approving alone needs a reason.")\nforbid (principal, action == Action::"breakGlass", resource)',
      '// why not\n@reason("Say why.")\nforbid (  principal,\n action == Action::"breakGlass",   resource  )',
    );
    expect(text).not.toBe(CEDAR_POLICIES);
    expect(problems(text)).toEqual([]);
  });

  test('a permit of everything changes nothing of them but what no rule forbids', () => {
    const found = problems(with_('@id("all") @reason("All.") permit (principal, action, resource);'));
    expect(found.every((problem) => !problem.includes('has to stay'))).toBe(true);
    expect(found).toContainEqual(expect.stringContaining('A protection may not be changed without a second person'));
  });

  test('a policy nobody could ever change again is refused', () => {
    const closed = '@id("never") @reason("Never.") forbid (principal, action == Action::"changeProtection", resource);';
    expect(problems(with_(closed))).toEqual([
      expect.stringContaining('Two people must still be able'),
      expect.stringContaining('"never" may not forbid people changeProtection'),
    ]);
  });

  /** @securityTest A policy that errs denies, and is not accepted as a change */
  test('a policy that errs is refused', () => {
    const erring =
      '@id("erring") @reason("Errs.") forbid (principal, action, resource) when { 9223372036854775807 + 1 > 0 };';
    expect(problems(with_(erring))).toEqual([
      expect.stringContaining('A person must still be able to reject'),
      expect.stringContaining('Two people must still be able'),
      expect.stringContaining('"erring" may not forbid people changeProtection'),
      expect.stringContaining('"erring" may not forbid people rejectRemediation'),
      expect.stringContaining('never be enough'),
      ...Array.from({ length: 15 }, () => expect.stringContaining('never be enough')),
    ]);
  });
});

describe('the number of approvals', () => {
  const three = `@id("three") @reason("Three.") forbid (principal, action == Action::"executeRemediation", resource)
    when { context.severity == "high" && context.kind == "restart" && context.environmentKind == "aws" }
    unless { context.approvals >= 3 };`;

  test('is not raised beyond those who are there without the requester', () => {
    for (const [eligible, refused] of [
      [1, true],
      [3, true],
      [4, false],
    ] as const) {
      expect([eligible, problems(with_(three), eligible).length]).toEqual([eligible, refused ? 1 : 0]);
    }
    expect(problems(with_(three), 3)[0]).toBe(
      '3 approvals for a restart in a high incident (environment aws) need more than 3 people who may approve; there are 3.',
    );
  });

  test('that no number would satisfy is refused', () => {
    const never =
      '@id("never") @reason("Never.") forbid (principal, action == Action::"executeRemediation", resource);';
    expect(problems(with_(never))).toHaveLength(16);
  });
});
