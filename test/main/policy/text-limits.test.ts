import type * as Cedar from '@cedar-policy/cedar-wasm/nodejs';
import { describe, expect, test } from 'vitest';
import { PERMISSION_POLICIES } from '#main/policy/cedar/permission-policies.ts';
import { CEDAR_POLICIES } from '#main/policy/cedar/policies.ts';
import { CEDAR_SCHEMA } from '#main/policy/cedar/schema.ts';
import { createCedar, TRYING } from '#main/policy/cedar-module.ts';
import { openCedarSet } from '#main/policy/cedar-set.ts';
import { problemsOfPolicy } from '#main/policy/check-policy.ts';
import { engineOf, loadPolicyEngine } from '#main/policy/engine.ts';
import { ownRules } from '#main/policy/own-policies.ts';
import { excessOf } from '#main/policy/text-limits.ts';
import { readLogs } from './policy-scene.ts';

const own = await loadPolicyEngine();
const rule = (condition: string, id = 'x') =>
  `@id("${id}") @reason("y") permit (principal is User, action == Action::"exportTrail", resource) when { ${condition} };`;
const times = (count: number, text: string) => text.repeat(count);

/** Each of these, long or deep enough, ends Cedar's memory or grows without need. */
const SHAPES: readonly (readonly [string, string])[] = [
  ['parentheses', `${times(150, '(')}true${times(150, ')')}`],
  ['sets', `${times(150, '[')}1${times(150, ']')} == 1`],
  ['records', `${times(150, '{a: ')}1${times(150, '}')} == 1`],
  ['sets in records', `${times(75, '[{a: ')}1${times(75, '}]')} == 1`],
  ['an if in an if', `${times(150, 'if true then ')}true${times(150, ' else true')}`],
  ['an else if after another', `${times(150, 'if true then true else ')}true`],
  ['a chain of &&', `${times(10_000, 'true&&')}true`],
  ['a chain of ||', `${times(10_000, 'true||')}true`],
  ['a chain of +', `${times(10_000, '1+')}1 == 1`],
  ['a chain of !', `${times(600, '!')}true`],
  ['a chain of -', `${times(600, '-')}1 == 1`],
  ['a chain of attributes', `context${times(600, '.format')} == ""`],
  ['a chain of indices', `context${times(600, '["format"]')} == ""`],
  ['a chain of calls', `[1]${times(600, '.contains(1)')}`],
  ['calls in calls', `${times(150, 'ip(')}"1"${times(150, ')')}`],
  ['a name with many parts', `principal is ${times(400, 'A::')}A`],
  ['many conditions', `true } ${times(600, 'when { true }')} when { true`],
  ['parentheses after a carriage return', `true // \r && ${times(150, '(')}true${times(150, ')')}`],
  ['parentheses after a string', `"\\"" == "// (" || ${times(150, '(')}true${times(150, ')')}`],
];

describe('a text that is too involved', () => {
  /** @securityTest A hostile policy text is refused with a sentence, and decisions go on as before */
  test.each(SHAPES)('%s: is refused, and decisions go on', (_title, condition) => {
    const text = `${CEDAR_POLICIES}\n${rule(condition)}`;
    expect(excessOf(text)?.line).toBeGreaterThan(CEDAR_POLICIES.split('\n').length);
    expect(problemsOfPolicy(text, { eligible: 5, inForce: own })).toEqual([
      expect.stringMatching(/^Line \d+: A policy may /),
    ]);
    expect(own.decide(readLogs).decision).toBe('allow');
  });

  test('a string without an end is named', () => {
    expect(excessOf(`${rule('true')}\n"${times(40_000, '\\"')}`)).toEqual({
      message: 'A string is not closed.',
      line: 2,
    });
  });
});

describe('what is allowed', () => {
  test('the policies of the product', () => {
    expect(excessOf(CEDAR_POLICIES)).toBeNull();
    expect(excessOf(PERMISSION_POLICIES)).toBeNull();
  });

  test('signs in comments and strings do not count, and each policy counts for itself', () => {
    const comment = `// ${times(1000, '(!')}\n`;
    expect(excessOf(`${comment}${rule(`context.format == "${times(1000, '(!')}"`)}`)).toBeNull();
    expect(
      excessOf(Array.from({ length: 50 }, (_, at) => rule(`${times(20, 'true && ')}true`, `r${at}`)).join('\n')),
    ).toBeNull();
  });

  test('the deepest and the longest that may be leave Cedar whole', () => {
    const generation = TRYING.generation;
    const level = 31; // within the braces of the condition
    const deep = `${times(level, '(')}true${times(level, ')')}`;
    const cases = [
      deep,
      `${times(31, 'if true then ')}true${times(31, ' else true')}`,
      `${times(15, '(if true then ')}true${times(15, ' else true)')}`,
      `${times(200, 'true && ')}${deep}`,
      `${times(400, '1 + ')}1 == 1`,
      `${times(31, 'ip(')}"1"${times(31, ')')}.isIpv4()`,
    ];
    for (const condition of cases) {
      const text = rule(condition);
      expect([condition.slice(0, 20), excessOf(text)]).toEqual([condition.slice(0, 20), null]);
      problemsOfPolicy(`${CEDAR_POLICIES}\n${text}`, null);
    }
    expect(TRYING.generation).toBe(generation);
  });
});

describe('an instance of Cedar that breaks off', () => {
  const overflow = (cedar: typeof Cedar) =>
    cedar.policySetTextToParts(rule(`${times(2000, '(')}true${times(2000, ')')}`));

  /** @securityTest A policy engine whose memory is lost is started anew, and decides as before */
  test('is given up for a new one, in which policies are parsed again', () => {
    const module = createCedar();
    const set = openCedarSet({ policies: CEDAR_POLICIES, schema: CEDAR_SCHEMA }, ownRules(), module);
    const engine = engineOf(set);
    expect(engine.decide(readLogs).decision).toBe('allow');
    expect(() => module.call(overflow)).toThrow(expect.objectContaining({ code: 'internal', reason: 'policy-engine' }));
    expect(module.generation).toBe(1);
    expect(engine.decide(readLogs)).toEqual(own.decide(readLogs));
    expect(() => module.call(overflow)).toThrow();
    expect(() => set.release()).not.toThrow();
    expect(engine.decide(readLogs).decision).toBe('deny');
  });

  test('does not touch another one', () => {
    expect(() => TRYING.call(overflow)).toThrow();
    expect(own.decide(readLogs).decision).toBe('allow');
    expect(problemsOfPolicy(CEDAR_POLICIES, null)).toEqual([]);
  });
});
