import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalText } from '#main/audit/canonical.ts';
import { PlainRecords } from '#main/audit/plain-record.ts';
import { recordPatterns } from '#main/audit/record-patterns.ts';
import { checkRecordSchema } from '#main/audit/record-schema.ts';
import { schemaPattern, wholeNumbers } from '#main/audit/schema-pattern.ts';
import { findSealed } from '#main/audit/seal.ts';
import { AUDIT_ACTIONS, type AuditAction } from '#shared/model/audit-actions.ts';
import { AUDIT_DATA } from '#shared/model/audit-data.ts';
import { RecordEnvelope } from '#shared/model/audit-record.ts';
import { fitting, spoiled } from '../../support/sample-values.ts';

const CHAIN = '7c6cf5b4-0f4c-4e36-9a4b-3f4a2e1d5c6b';
const plain = new PlainRecords(recordPatterns(CHAIN, 'acme'));
const SPECIAL = new Set(['tenant.created', 'tenant.erasure_completed', 'credential.key_rotated']);

const records = (action: AuditAction) =>
  fc
    .tuple(fitting(RecordEnvelope), fitting(AUDIT_DATA[action]))
    .map(([envelope, data]) => ({ ...(envelope as object), action, data, chain: CHAIN, tenant: 'acme' }));

/** Everything the long way says of the bytes. */
function isInOrder(text: string): boolean {
  const value: unknown = JSON.parse(text);
  try {
    return canonicalText(value) === text && typeof checkRecordSchema(value) !== 'string';
  } catch {
    return false; // a text without canonical form
  }
}

/** One character of a text changed, added or taken out. */
function touched(text: string): fc.Arbitrary<string> {
  const pieces = [
    '"',
    '\\',
    '\\"',
    ',',
    '}',
    '{',
    ' ',
    '0',
    '1',
    '-',
    '.',
    'e',
    '\n',
    '\u0001',
    'é',
    'null',
    '\\u0041',
  ];
  return fc
    .tuple(fc.nat({ max: text.length }), fc.constantFrom('', ...pieces), fc.nat({ max: 2 }))
    .map(([at, piece, gone]) => text.slice(0, at) + piece + text.slice(at + gone));
}

describe.each(AUDIT_ACTIONS)('%s', (action) => {
  test('what is recognised is in order the long way too, and is what was read', () => {
    const texts = records(action)
      .chain((good) => fc.oneof(fc.constant(good), spoiled(good)))
      .filter((value) => typeof value === 'object')
      .map((value) => {
        try {
          return canonicalText(value, { integersOnly: false });
        } catch {
          return JSON.stringify(value);
        }
      })
      .chain((text) => fc.oneof(fc.constant(text), touched(text)));
    fc.assert(
      fc.property(texts, (text) => {
        const found = plain.read(Buffer.from(text, 'utf8'));
        if (found === null) return;
        expect(isInOrder(text)).toBe(true);
        const { seq, time, key, prev, chain, tenant, action: named } = JSON.parse(text);
        expect(found).toEqual({ seq, time, key, prev, sealed: findSealed(JSON.parse(text)).size });
        expect([chain, tenant, named, SPECIAL.has(named)]).toEqual([CHAIN, 'acme', action, false]);
      }),
      { numRuns: 150 },
    );
  });

  test('what is in order is recognised, if it holds nothing out of the way', () => {
    if (SPECIAL.has(action)) return;
    if (schemaPattern(AUDIT_DATA[action]) === null) {
      expect(action).toBe('remediation.proposed'); // has an object with free names
      return;
    }
    fc.assert(
      fc.property(records(action), (record) => {
        const text = canonicalText(record);
        const ordinary = !text.includes('\\') && !/[:[,](?:[0-9]{4,})/.test(text) && isInOrder(text);
        if (ordinary && JSON.parse(text).seq !== 1) expect(plain.read(Buffer.from(text, 'utf8'))).not.toBeNull();
      }),
      { numRuns: 40 },
    );
  });
});

test('records of another chain or tenant, and bytes that are no text, are not recognised', () => {
  const record = {
    v: 1,
    chain: CHAIN,
    tenant: 'acme',
    seq: 2,
    time: '2026-02-03T04:05:06.789Z',
    action: 'tenant.user_role_changed',
    outcome: 'success',
    actor: { type: 'user', id: 'ü', name: { sealed: 'A'.repeat(43) } },
    target: { type: 'thing', id: 't' },
    data: { user: 'u', old: 'a', new: 'b' },
    key: '0123456789abcdef',
    prev: '0'.repeat(64),
  };
  const bytes = (value: object) => Buffer.from(canonicalText(value), 'utf8');
  expect(plain.read(bytes(record))).toMatchObject({ seq: 2, sealed: 1 });
  expect(plain.read(bytes({ ...record, tenant: 'other' }))).toBeNull();
  expect(plain.read(bytes({ ...record, chain: CHAIN.replace('7', '8') }))).toBeNull();
  expect(plain.read(bytes({ ...record, seq: 1 }))).toBeNull();
  expect(plain.read(bytes({ ...record, actor: { ...record.actor, name: 'Jo' } }))).toBeNull();
  const broken = bytes(record);
  broken[broken.indexOf(0xc3)] = 0xff;
  expect(plain.read(broken)).toBeNull();
  expect(plain.read(Buffer.concat([Buffer.from('\ufeff'), bytes(record)]))).toBeNull();
});

test.each<[number, number]>([
  [0, 599],
  [100, 599],
  [900, 43_200],
  [1, Number.MAX_SAFE_INTEGER],
  [0, Number.MAX_SAFE_INTEGER],
  [7, 7],
])('a pattern of whole numbers from %d to %d takes none outside', (min, max) => {
  const pattern = new RegExp(`^(?:${wholeNumbers(min, max)})$`);
  for (let number = 0; number < 50_000; number++) {
    if (pattern.test(String(number))) expect(number >= min && number <= max).toBe(true);
  }
  expect(pattern.test('9007199254740993')).toBe(false);
  expect(pattern.test('01')).toBe(false);
});
