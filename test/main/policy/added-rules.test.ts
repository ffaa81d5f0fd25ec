import { describe, expect, test } from 'vitest';
import { overreachingRules } from '#main/policy/added-rules.ts';
import { CEDAR_POLICIES } from '#main/policy/cedar/policies.ts';
import { CEDAR_SCHEMA } from '#main/policy/cedar/schema.ts';
import { readRules } from '#main/policy/cedar-rules.ts';
import { problemsOfPolicy } from '#main/policy/check-policy.ts';
import { missingRules } from '#main/policy/invariants.ts';

const rulesOf = (policies: string) => {
  const { rules, problems } = readRules({ policies, schema: CEDAR_SCHEMA });
  expect(problems).toEqual([]);
  return rules;
};
const added = (rule: string) => overreachingRules(rulesOf(`${CEDAR_POLICIES}\n@id("x") @reason("y") ${rule}`));

test('the rules of the product reach nothing they may not, in whatever layout', () => {
  expect(overreachingRules(rulesOf(CEDAR_POLICIES))).toEqual([]);
  expect(overreachingRules(rulesOf(CEDAR_POLICIES.replaceAll('\n  ', ' ')))).toEqual([]);
});

describe('a forbid that is added', () => {
  /** @securityTest A rule that tells the tried requests from the real ones cannot lock everybody out of the policies */
  test.each([
    ['of a change with another digest', 'principal, action == Action::"changeProtection", resource'],
    ['of one in a list', 'principal, action in [Action::"breakGlass", Action::"changeProtection"], resource'],
    ['of one in a group', 'principal, action in Action::"changeProtection", resource'],
    ['of people', 'principal is User, action == Action::"changeProtection", resource'],
    ['of one person', 'principal == User::"u-1", action == Action::"changeProtection", resource'],
    ['of members', 'principal in User::"u-1", action == Action::"changeProtection", resource'],
    ['of every protection', 'principal, action == Action::"changeProtection", resource is Protection'],
    ['of the policies', 'principal, action == Action::"changeProtection", resource == Protection::"policy-change"'],
    [
      'of the policies as a group',
      'principal, action == Action::"changeProtection", resource in Protection::"policy-change"',
    ],
  ])('%s is refused', (_title, head) => {
    const conditions = ['', ' unless { context.changeDigest like "aaaa*" }', ' when { false }'];
    for (const condition of head.includes('breakGlass') ? [''] : conditions) {
      expect(added(`forbid (${head})${condition};`)).toEqual([
        expect.stringContaining('The rule "x" may not forbid people changeProtection'),
      ]);
    }
  });

  test('of rejecting, or of everything, is refused', () => {
    const digest = 'when { !(context.planDigest like "aaaa*") }';
    expect(added(`forbid (principal, action == Action::"rejectRemediation", resource) ${digest};`)).toEqual([
      expect.stringContaining('may not forbid people rejectRemediation'),
    ]);
    expect(added('forbid (principal, action, resource) when { resource is Secret };')).toHaveLength(2);
    expect(added('forbid (principal, action, resource is Secret);')).toEqual([]);
  });

  test.each([
    'forbid (principal, action == Action::"approveRemediation", resource);',
    'forbid (principal is Agent, action, resource);',
    'forbid (principal == ApiKey::"key-1", action, resource);',
    'forbid (principal, action in Action::"logAnalysis", resource);',
    'forbid (principal, action == Action::"changeProtection", resource == Protection::"key-rotation");',
    'forbid (principal, action == Action::"executeRemediation", resource) unless { context.approvals >= 3 };',
  ])('%s is not', (rule) => {
    expect(added(rule)).toEqual([]);
  });
});

describe('a permit that is added', () => {
  /** @securityTest No added rule lets an API key approve, or anybody change a protection */
  test.each([
    ['principal is ApiKey, action == Action::"changeProtection", resource', ['may not permit changeProtection']],
    ['principal is User, action == Action::"changeProtection", resource', ['may not permit changeProtection']],
    [
      'principal, action, resource',
      ['may not permit changeProtection', 'may permit approveRemediation to people', 'may permit breakGlass to people'],
    ],
    ['principal is ApiKey, action == Action::"approveRemediation", resource', ['may permit approveRemediation']],
    ['principal == ApiKey::"k", action in [Action::"breakGlass"], resource', ['may permit breakGlass']],
    ['principal in User::"u", action in [Action::"breakGlass"], resource', ['may permit breakGlass']],
    ['principal is User, action == Action::"approveRemediation", resource', []],
    ['principal == User::"u", action == Action::"breakGlass", resource', []],
    ['principal, action in Action::"infrastructureInspection", resource', []],
  ])('(%s)', (head, sentences) => {
    expect(added(`permit (${head});`)).toEqual(sentences.map((sentence) => expect.stringContaining(sentence)));
  });
});

test('a permit of the product that is narrowed keeps nobody from rejecting or from changing the policies', () => {
  for (const [id, condition] of [
    ['change-protection', 'context.changeDigest like "aaaa*"'],
    ['approve-by-a-person', 'context.planDigest like "aaaa*"'],
  ] as const) {
    const rule = new RegExp(`(@id\\("${id}"\\)[^;]*);`);
    const text = CEDAR_POLICIES.replace(rule, (_rule, before: string) => `${before} when { ${condition} };`);
    expect(text).not.toBe(CEDAR_POLICIES);
    expect(missingRules(rulesOf(text))).toEqual([expect.stringContaining(`The rule "${id}" has to stay`)]);
  }
});

test('a text is refused for what a rule of it reaches', () => {
  const rule = `@id("x") @reason("y") forbid (principal, action == Action::"changeProtection", resource)
    unless { context.changeDigest like "aaaa*" };`;
  expect(problemsOfPolicy(`${CEDAR_POLICIES}\n${rule}`, null)).toEqual([
    expect.stringContaining('may not forbid people changeProtection'),
  ]);
});
