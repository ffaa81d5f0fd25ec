import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalText, MAX_DEPTH, NotCanonicalError } from '#main/audit/canonical.ts';

describe('canonicalText', () => {
  it('sorts by UTF-16 code units (RFC 8785, section 3.2.3)', () => {
    const value = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };
    const order = [...canonicalText(value).matchAll(/:"([A-Z][a-z]+)/g)].map((match) => match[1]);
    expect(order).toEqual(['Carriage', 'One', 'Control', 'Latin', 'Euro', 'Emoji', 'Hebrew']);
  });

  it('writes strings and literals as RFC 8785 section 3.2.2 does', () => {
    const value = {
      numbers: [JSON.parse('333333333.33333329'), 1e30, 4.5, 2e-3, 1e-27],
      string: '€$\u000f\nA\'B"\\\\"/',
      literals: [null, true, false],
    };
    expect(canonicalText(value, { integersOnly: false })).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('agrees with an independent implementation on any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        const parsed: unknown = JSON.parse(JSON.stringify(value));
        let expected: string | undefined;
        try {
          expected = canonicalize(parsed);
        } catch {
          expect(() => canonicalText(parsed, { integersOnly: false })).toThrow(NotCanonicalError);
          return;
        }
        expect(canonicalText(parsed, { integersOnly: false })).toBe(expected);
      }),
    );
  });

  it.each([
    ['a fraction', 1.5],
    ['an integer past 2^53-1', 2 ** 53],
    ['infinity', Number.POSITIVE_INFINITY],
    ['a lone surrogate', '\ud800'],
    ['a lone surrogate in a name', { '\udc00': 1 }],
    ['a function', () => 1],
  ])('refuses %s', (_name, value) => {
    expect(() => canonicalText({ value })).toThrow(NotCanonicalError);
  });

  it('leaves out undefined members and keeps a member called __proto__', () => {
    expect(canonicalText({ a: undefined, b: 1 })).toBe('{"b":1}');
    expect(canonicalText(JSON.parse('{"__proto__":1}'))).toBe('{"__proto__":1}');
  });

  it('bounds the depth instead of overflowing the stack', () => {
    const nested = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));
    expect(canonicalText(nested(MAX_DEPTH))).toHaveLength(2 * MAX_DEPTH);
    expect(() => canonicalText(nested(MAX_DEPTH + 1))).toThrow(NotCanonicalError);
    expect(() => canonicalText(nested(5000))).toThrow(NotCanonicalError);
  });
});
