import { describe, expect, test } from 'vitest';
import { readRevocations, writeRevocations } from '#main/credentials/role-revocation.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const HOUR = 3_600_000;
const user = (n: number) => `AROAEXAMPLEEXAMPLE000:lease-${n.toString(16).padStart(8, '0')}.log-analyst`;
const entry = (until: number, issuedBefore: number | null = NOW) => ({ until, issuedBefore });

describe('the revocation policy', () => {
  test('denies everything to the sessions in it that were there, and reads back as it was', () => {
    const entries = new Map([
      [user(1), entry(NOW + HOUR)],
      [user(2), entry(NOW + HOUR)],
      [user(3), entry(NOW + HOUR, NOW + 1)],
      ['*:lease-00000004.log-analyst', entry(NOW + HOUR + 300_000)],
    ]);
    const text = writeRevocations(entries, NOW);
    const [first, second, third] = JSON.parse(text).Statement;
    expect(first).toEqual({
      Sid: `Until${(NOW + HOUR) / 1000}N0`,
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition: {
        StringLike: { 'aws:userid': [user(1), user(2)] },
        DateLessThan: { 'aws:TokenIssueTime': '2026-03-01T12:00:00.000Z' },
      },
    });
    expect(second.Condition).toEqual({
      StringLike: { 'aws:userid': [user(3)] },
      DateLessThan: { 'aws:TokenIssueTime': '2026-03-01T12:00:00.001Z' },
    });
    expect(third.Condition.StringLike['aws:userid']).toEqual(['*:lease-00000004.log-analyst']);
    expect(readRevocations(text)).toEqual(entries);
  });

  test('keeps what an earlier version wrote, as it wrote it', () => {
    const Condition = { StringEquals: { 'aws:userid': [user(1), user(2)] } };
    const old = { Sid: `Until${(NOW + HOUR) / 1000}`, Effect: 'Deny', Action: '*', Resource: '*', Condition };
    const entries = readRevocations(JSON.stringify({ Version: '2012-10-17', Statement: [old] }));
    expect([...entries]).toEqual([
      [user(1), entry(NOW + HOUR, null)],
      [user(2), entry(NOW + HOUR, null)],
    ]);
    const rewritten = JSON.parse(writeRevocations(new Map([...entries, [user(3), entry(NOW + HOUR)]]), NOW)).Statement;
    expect(rewritten[0]).toMatchObject({ Condition });
    expect(rewritten[1].Condition.StringLike['aws:userid']).toEqual([user(3)]);
    expect(new Set(rewritten.map(({ Sid }: { Sid: string }) => Sid)).size).toBe(2);
  });

  test('forgets entries whose time has passed', () => {
    const entries = new Map([
      [user(1), entry(NOW)],
      [user(2), entry(NOW + 1000)],
    ]);
    expect([...readRevocations(writeRevocations(entries, NOW)).keys()]).toEqual([user(2)]);
  });

  test('forgets nothing when the cloud does not say what time it is', () => {
    const entries = new Map([[user(1), entry(NOW - HOUR)]]);
    expect([...readRevocations(writeRevocations(entries, null)).keys()]).toEqual([user(1)]);
    const many = new Map(Array.from({ length: 300 }, (_, n) => [user(n), entry(NOW - HOUR)] as const));
    expect(() => writeRevocations(many, null)).toThrow(expect.objectContaining({ reason: 'revocation-policy-full' }));
  });

  test('when space is short, drops first those whose session is long over, and never one that still lives', () => {
    const old = Array.from({ length: 150 }, (_, n) => [user(n), entry(NOW + HOUR / 2, NOW - n)] as const); // half an hour ago
    const fresh = Array.from({ length: 30 }, (_, n) => [user(1000 + n), entry(NOW + HOUR, NOW + n)] as const);
    const text = writeRevocations(new Map([...old, ...fresh]), NOW);
    expect(text.length).toBeLessThanOrEqual(10_000);
    expect(readRevocations(text)).toEqual(new Map(fresh));
  });

  test('when space is shorter still, puts those of the same minutes together, under the time of the latest', () => {
    const fresh = Array.from({ length: 100 }, (_, n) => [user(n), entry(NOW + HOUR, NOW + n)] as const);
    const text = writeRevocations(new Map(fresh), NOW);
    expect(text.length).toBeLessThanOrEqual(10_000);
    const read = readRevocations(text);
    expect([...read.keys()]).toEqual(fresh.map(([name]) => name));
    expect([...read.values()].every(({ issuedBefore }) => issuedBefore === NOW + 99)).toBe(true);
  });

  test('refuses rather than to leave out a session that may still live', () => {
    const fresh = new Map(Array.from({ length: 300 }, (_, n) => [user(n), entry(NOW + HOUR)] as const));
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
    [
      'a denial of all sessions before a time',
      '{"Version":"2012-10-17","Statement":[{"Sid":"Until1772370000","Effect":"Deny","Action":"*","Resource":"*","Condition":{"DateLessThan":{"aws:TokenIssueTime":"2026-03-01T12:00:00Z"}}}]}',
    ],
    ['nothing', ''],
  ])('is not overwritten when it holds %s', (_title, text) => {
    expect(() => readRevocations(text)).toThrow(expect.objectContaining({ code: 'conflict' }));
  });
});
