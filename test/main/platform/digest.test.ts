import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { canonicalDigest, responseDigest } from '#main/platform/digest.ts';

const text = (value: unknown) => Buffer.from(canonicalDigest(value).bytes).toString('utf8');

describe('the canonical form', () => {
  test('sorts members, keeps floats, and its digest is over exactly the bytes', () => {
    const { bytes, digest } = canonicalDigest({ b: [1.5, 1e21, -0], a: { y: true, x: null } });
    expect(Buffer.from(bytes).toString()).toBe('{"a":{"x":null,"y":true},"b":[1.5,1e+21,0]}');
    expect(digest).toBe(createHash('sha256').update(bytes).digest('hex'));
  });

  test('takes what AWS clients give: dates, bytes, undefined, big and impossible numbers', () => {
    const value = {
      at: new Date('2026-01-02T03:04:05.678Z'),
      none: undefined,
      bytes: new Uint8Array([1, 2, 3]),
      list: [undefined, () => 1],
      big: 2n ** 70n,
      nan: Number.NaN,
      never: new Date(Number.NaN),
    };
    expect(text(value)).toBe(
      '{"at":"2026-01-02T03:04:05.678Z","big":"1180591620717411303424","bytes":"AQID","list":[null,null],"nan":"NaN","never":"Invalid Date"}',
    );
    expect(text(undefined)).toBe('null');
  });

  test('is not refused by a lone surrogate that an attacker logged', () => {
    expect(text({ '\ud800': 'a\udc00b' })).toBe('{"\ufffd":"a\ufffdb"}');
  });

  test('a member called __proto__ is data', () => {
    expect(text(JSON.parse('{"__proto__":{"a":1},"b":2}'))).toBe('{"__proto__":{"a":1},"b":2}');
  });
});

test('the digest of an answer does not depend on when and how often it was asked for', () => {
  const answer = { services: [{ name: 'a' }], $metadata: { requestId: '1', attempts: 1 } };
  expect(responseDigest(answer)).toEqual(responseDigest({ ...answer, $metadata: { requestId: '2', attempts: 3 } }));
  expect(responseDigest(answer)).toEqual(canonicalDigest({ services: [{ name: 'a' }] }));
});
