import { describe, expect, test } from 'vitest';
import { readRevocations, writeRevocations } from '#main/credentials/role-revocation.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const HOUR = 3_600_000;
const user = (n: number) => `AROAEXAMPLEEXAMPLE000:lease-${n.toString(16).padStart(8, '0')}.log-analyst`;

describe('the revocation policy', () => {
  test('denies everything to the sessions in it, and reads back as it was', () => {
    const entries = new Map([
      [user(1), NOW + HOUR],
      [user(2), NOW + HOUR],
      [user(3), NOW + HOUR + 300_000],
    ]);
    const text = writeRevocations(entries, NOW);
    const [first, second] = JSON.parse(text).Statement;
    expect(first).toEqual({
      Sid: `Until${(NOW + HOUR) / 1000}`,
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition: { StringEquals: { 'aws:userid': [user(1), user(2)] } },
    });
    expect(second.Condition.StringEquals['aws:userid']).toEqual([user(3)]);
    expect(readRevocations(text)).toEqual(entries);
  });

  test('forgets entries whose time has passed', () => {
    const entries = new Map([
      [user(1), NOW],
      [user(2), NOW + 1000],
    ]);
    expect([...readRevocations(writeRevocations(entries, NOW)).keys()]).toEqual([user(2)]);
  });

  test('when space is short, drops first those whose session is long over, and never one that still lives', () => {
    const old = Array.from({ length: 150 }, (_, n) => [user(n), NOW + HOUR / 2] as const); // revoked half an hour ago
    const fresh = Array.from({ length: 100 }, (_, n) => [user(1000 + n), NOW + HOUR] as const);
    const text = writeRevocations(new Map([...old, ...fresh]), NOW);
    expect(text.length).toBeLessThanOrEqual(10_000);
    expect([...readRevocations(text).keys()]).toEqual(fresh.map(([name]) => name));
  });

  test('refuses rather than to leave out a session that may still live', () => {
    const fresh = new Map(Array.from({ length: 300 }, (_, n) => [user(n), NOW + HOUR] as const));
    expect(() => writeRevocations(fresh, NOW)).toThrow(expect.objectContaining({ reason: 'revocation-policy-full' }));
  });

  test.each([
    ['no JSON', 'x'],
    [
      'an allowance',
      '{"Version":"2012-10-17","Statement":[{"Sid":"Until1772370000","Effect":"Allow","Action":"*","Resource":"*"}]}',
    ],
    [
      "somebody's own denial",
      '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:*","Resource":"*"}]}',
    ],
    ['nothing', ''],
  ])('is not overwritten when it holds %s', (_title, text) => {
    expect(() => readRevocations(text)).toThrow(expect.objectContaining({ code: 'conflict' }));
  });
});
