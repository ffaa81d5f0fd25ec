import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { verifyChainFile } from '#main/audit/verify-file.ts';
import { removeFolder, temporaryFolder } from '../../support/audit-store.ts';
import { ForgedChain, type ForgedRecord, newKey } from '../../support/forge-chain.ts';
import { verifyBoth } from '../../support/verify-both.ts';

const folder = temporaryFolder();
afterAll(() => removeFolder(folder));
const path = join(folder, 'a.chain.jsonl');

/** A chain of some length with everything in it that makes records differ: seals, erasures, rotations. */
function sample(): ForgedChain {
  const chain = new ForgedChain(12);
  for (let index = 0; index < 6; index++) chain.addSealed('c2FsdHNhbHRzYWx0c2FsdA', `note ${index}`);
  chain.add('tenant.erasure_completed', {
    request: 'r-1',
    certificate: 'a'.repeat(64),
    erased: [{ seq: 14, path: '/data/note' }],
  });
  chain.rotate(newKey('ES256'));
  for (let index = 0; index < 8; index++) chain.addSealed('c2FsdHNhbHRzYWx0c2FsdA', `later ${index}`);
  chain.rotate(newKey());
  for (let index = 0; index < 8; index++) {
    chain.add('tenant.user_role_changed', { user: `v${index}`, old: 'a', new: 'bü' });
  }
  chain.disclosures = [{ seq: 13, path: '/data/note', value: ['c2FsdHNhbHRzYWx0c2FsdA', 'note 0'] }];
  return chain;
}

const LENGTH = sample().records.length;
const other = newKey();

type Damage = (chain: ForgedChain, record: ForgedRecord, at: number) => void;
const DAMAGES: readonly Damage[] = [
  (_chain, { record }) => Object.assign(record, { tenant: 'other' }),
  (_chain, { record }) => Object.assign(record, { extra: 1 }),
  (_chain, { record }) => Object.assign(record, { seq: 3 }),
  (_chain, { record }) => Object.assign(record, { time: '2025-01-01T00:00:00.000Z' }),
  (_chain, { record }) => Object.assign(record, { time: '2027-01-01T00:00:00.000Z' }),
  (_chain, { record }) => Object.assign(record, { time: 'yesterday' }),
  (_chain, { record }) => Object.assign(record, { key: other.id }),
  (_chain, { record }) => Object.assign(record, { outcome: 'failure' }),
  (_chain, forged) => Object.assign(forged, { hash: 'f'.repeat(64) }),
  (_chain, forged) => Object.assign(forged, { sig: Buffer.alloc(64).toString('base64') }),
  (_chain, forged) => Object.assign(forged, { sig: 'AAAA' }),
  (_chain, forged) => Object.assign(forged, { key: other }),
  (_chain, forged) => Object.assign(forged, { text: '{"a":1, "b":' }),
  (_chain, forged) => Object.assign(forged, { text: '[]' }),
  (chain, _forged, at) => chain.records.splice(at, 1),
  (chain, forged, at) => chain.records.splice(at, 0, forged),
  (chain, forged, at) => chain.records.splice(Math.max(0, at - 3), 0, ...chain.records.splice(at, 1), forged),
];

const damage = fc.record({ kind: fc.nat({ max: DAMAGES.length - 1 }), at: fc.nat({ max: LENGTH - 1 }) });
const lineDamage = fc.record({
  at: fc.nat({ max: LENGTH + 2 }),
  kind: fc.constantFrom('drop', 'twice', 'garbage', 'empty', 'long', 'cut', 'swap'),
});

function damagedLines(text: string, at: number, kind: string): string {
  const lines = text.split('\n');
  const line = lines[at] ?? '';
  const next = lines[at + 1] ?? '';
  switch (kind) {
    case 'drop':
      lines.splice(at, 1);
      break;
    case 'twice':
      lines.splice(at, 0, line);
      break;
    case 'garbage':
      lines[at] = line.replace('"', "'");
      break;
    case 'empty':
      lines.splice(at, 0, '');
      break;
    case 'long':
      lines[at] = line.replace(/}$/, `${' '.repeat(5000)}}`);
      break;
    case 'cut':
      return lines
        .slice(0, at + 1)
        .join('\n')
        .slice(0, -3);
    default:
      lines.splice(at, 2, next, line);
  }
  return lines.join('\n');
}

test('one pass and several threads say the same of any damaged file', { timeout: 120_000 }, async () => {
  const input = fc.record({
    relink: fc.boolean(),
    damages: fc.array(damage, { maxLength: 3 }),
    lines: fc.array(lineDamage, { maxLength: 2 }),
    signatures: fc.boolean(),
    since: fc.option(fc.integer({ min: 1, max: LENGTH }), { nil: undefined }),
    threads: fc.integer({ min: 1, max: 2 }),
    block: fc.integer({ min: 900, max: 9000 }),
  });
  await fc.assert(
    fc.asyncProperty(input, async ({ relink, damages, lines, signatures, since, threads, block }) => {
      const chain = sample();
      const note = since === undefined ? undefined : chain.note(since);
      chain.lines();
      chain.relink = relink;
      for (const { kind, at } of damages) {
        const record = chain.records[at];
        if (record !== undefined) DAMAGES[kind]?.(chain, record, at);
      }
      let text = chain.text();
      for (const { at, kind } of lines) text = damagedLines(text, at, kind);
      writeFileSync(path, text);
      const options = { signatures, since: note, key: chain.key.id };
      const one = await verifyChainFile(path, { ...options, threads: { count: 0 } });
      const spread = await verifyChainFile(path, { ...options, threads: { count: threads, block } });
      expect({ ...spread, elapsedMs: 0 }).toEqual({ ...one, elapsedMs: 0 });
      if (damages.length + lines.length === 0 && since === undefined) expect(one.verdict).toBe('valid');
    }),
    { numRuns: 40 },
  );
});

describe('without record signatures', () => {
  test('a wrong signature is passed over, and the verdict says what was not checked', async () => {
    const chain = sample();
    Object.assign(chain.records[5] ?? {}, { sig: Buffer.alloc(64).toString('base64') });
    chain.write(path);
    expect((await verifyBoth(path)).problems).toMatchObject([{ seq: 6, code: 'signature' }]);
    const skipped = await verifyBoth(path, { signatures: false });
    expect(skipped.verdict).toBe('valid');
    expect(skipped.notProven.join()).toContain('their signatures were not checked');
    expect((await verifyBoth(path)).notProven.join()).not.toContain('their signatures were not checked');
  });

  test('everything else is found', async () => {
    const chain = sample();
    Object.assign(chain.records[5]?.record ?? {}, { extra: 1 });
    chain.write(path);
    expect((await verifyBoth(path, { signatures: false })).problems).toMatchObject([{ seq: 6, code: 'schema' }]);
  });
});

test('a verification on threads is stopped when asked, and shows how far it is', async () => {
  sample().write(path);
  const threads = { count: 2, block: 2000 };
  const seen: number[] = [];
  const verdict = await verifyChainFile(path, { threads, onProgress: (done) => seen.push(done) });
  expect(verdict.verdict).toBe('valid');
  expect(seen.length).toBeGreaterThan(3);
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  const stop = new AbortController();
  const stopped = verifyChainFile(path, { threads, signal: stop.signal, onProgress: () => stop.abort() });
  await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
});

test.each(['\u2028', '\u2029', '\u0085', 'é', '𝄞'])(
  'a character that may or may not stand in an ARN: %j',
  async (character) => {
    const chain = new ForgedChain(12);
    const { record } = chain.records[5] ?? {};
    const digest = 'a'.repeat(64);
    const lease = {
      ...{
        task: 'remediation',
        agent: 'remediator',
        role: `arn:aws:${character}`,
        sessionName: 'ab',
        sourceIdentity: null,
      },
      ...{ accessKeyId: '', sessionPolicyDigest: digest, actions: [], resources: [], planDigest: null },
      ...{ issuedAt: '2026-01-01T00:00:00.000Z', expiresAt: '2026-01-01T00:00:00.000Z' },
    };
    Object.assign(record ?? {}, { action: 'credential.issued', data: lease });
    const { problems } = await verifyBoth(chain.write(path));
    // JavaScript's dot is no end of line, and these two are some
    const told = ['\u2028', '\u2029'].includes(character) ? ['/data/role does not fit credential.issued'] : [];
    expect(problems.map(({ message }) => message)).toEqual(told);
  },
);
