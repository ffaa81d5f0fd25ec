import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { canonicalText } from '#main/audit/canonical.ts';
import { Frontier, hashLeaf } from '#main/audit/tree.ts';
import type { VerifyFileOptions } from '#main/audit/verify-file.ts';
import type { Verdict } from '#shared/model/verdict.ts';
import { removeFolder, temporaryFolder } from '../../support/audit-store.ts';
import {
  CHAIN,
  describeForged,
  ForgedChain,
  type ForgedKey,
  type ForgedRecord,
  type Loose,
  newKey,
  note,
  signRecord,
} from '../../support/forge-chain.ts';
import { verifyBoth } from '../../support/verify-both.ts';

const folder = temporaryFolder();
afterAll(() => removeFolder(folder));
const path = join(folder, 'range.chain.jsonl');

function verify(text: string, options?: VerifyFileOptions): Promise<Verdict> {
  writeFileSync(path, text);
  return verifyBoth(path, options);
}

const codes = ({ problems }: Verdict): string[] => [...new Set(problems.map(({ code }) => code))].sort();

interface RangeParts {
  readonly first: number;
  readonly last: number;
  readonly keys: readonly Loose[];
  readonly left: readonly Buffer[];
  readonly lines: readonly string[];
  readonly checkpoint: string;
}

function rangeText({ first, last, keys, left, lines, checkpoint }: RangeParts): string {
  const range = { size: last, left: left.map((hash) => hash.toString('base64')), right: [] };
  const generator = { name: 'forge', version: '1' };
  const about = { causeway: 'chain/1', chain: CHAIN, tenant: 'acme', first, last, selection: 'range' };
  const header = { ...about, keys, exportedAt: '2026-02-03T05:00:00.000Z', generator, range };
  const body = `${[JSON.stringify(header), ...lines].join('\n')}\n`;
  const digest = createHash('sha256').update(body).digest('hex');
  return `${body}${JSON.stringify({ end: { records: lines.length, digest, checkpoint } })}\n`;
}

/** The records of a chain from `first` on, as its owner would export them. */
function rangeOf(chain: ForgedChain, first: number, keys: readonly Loose[]): string {
  const left = chain.tree(first - 1).nodes;
  const last = chain.records.length;
  return rangeText({ first, last, keys, left, lines: chain.lines().slice(first - 1), checkpoint: chain.note() });
}

/** Records 9 to 12 made up by somebody without the chain's key, upon the real tree of the first eight. */
function forgedRange(real: ForgedChain, forger: ForgedKey, keys: readonly Loose[]): string {
  const { nodes } = real.tree(8);
  const tree = new Frontier(8, nodes);
  const lines: string[] = [];
  let prev = 'f'.repeat(64);
  for (let seq = 9; seq <= 12; seq++) {
    const record = real.blank(seq, 'tenant.user_role_changed', { user: 'u', old: 'viewer', new: 'owner' }, forger);
    record.prev = prev;
    const text = canonicalText(record);
    prev = createHash('sha256').update(text).digest('hex');
    tree.append(hashLeaf(Buffer.from(text)));
    lines.push(`{"hash":"${prev}","sig":"${signRecord(forger, prev).toString('base64')}","record":${text}}`);
  }
  return rangeText({ first: 9, last: 12, keys, left: nodes, lines, checkpoint: note(CHAIN, 12, tree.root(), forger) });
}

/** @securityTest Somebody without the chain's key cannot make a range that its key or an earlier checkpoint vouches for */
describe('a forged range', () => {
  const real = new ForgedChain(8);
  const forger = newKey();

  it.each([2, 9])('does not meet the pin or the earlier checkpoint, its key said to be from %i', async (fromSeq) => {
    const text = forgedRange(real, forger, [describeForged(real.key, 1), describeForged(forger, fromSeq)]);
    expect(codes(await verify(text, { key: real.key.id }))).toEqual(['pin']);
    const verdict = await verify(text, { since: real.note() });
    expect(verdict.verdict).toBe('invalid');
    expect(codes(verdict)).toEqual([fromSeq === 9 ? 'not-extension' : 'checkpoint']);
  });

  it('with the forger alone in the header meets neither', async () => {
    const text = forgedRange(real, forger, [describeForged(forger, 1)]);
    expect(codes(await verify(text, { key: real.key.id, since: real.note() }))).toEqual(['checkpoint', 'pin']);
  });

  it('with the real key alone in the header is signed by no key', async () => {
    const verdict = await verify(forgedRange(real, forger, [describeForged(real.key, 1)]), { key: real.key.id });
    expect(codes(verdict)).toEqual(['checkpoint', 'key', 'pin']);
  });

  it('says with every verdict whose word its first keys are', async () => {
    const text = forgedRange(real, forger, [describeForged(forger, 1)]);
    for (const options of [{}, { key: forger.id }]) {
      const { verdict, notProven } = await verify(text, options);
      expect(verdict).toBe('valid'); // nothing in it contradicts itself: that is what the sentence is for
      expect(notProven.join()).toContain('in force where the range begins');
    }
  });
});

describe('an honest range', () => {
  it('meets the pin of its only key, and an earlier checkpoint at or after its beginning', async () => {
    const chain = new ForgedChain(8);
    const text = rangeOf(chain, 5, [describeForged(chain.key, 1)]);
    for (const size of [4, 6, 8]) {
      expect((await verify(text, { key: chain.key.id, since: chain.note(size) })).problems).toEqual([]);
    }
  });

  it('says that an earlier checkpoint before its beginning cannot be compared', async () => {
    const chain = new ForgedChain(8);
    const text = rangeOf(chain, 5, [describeForged(chain.key, 1)]);
    const { problems } = await verify(text, { since: chain.note(3) });
    expect(problems).toMatchObject([{ code: 'not-extension', message: expect.stringContaining('begins at 5') }]);
  });

  it('follows rotations inside it from the key of the earlier checkpoint', async () => {
    const chain = new ForgedChain(4);
    const since = chain.note();
    const next = newKey();
    chain.rotate(next);
    chain.add('tenant.user_role_changed', { user: 'x', old: 'a', new: 'b' });
    const keys = [describeForged(chain.key, 1), describeForged(next, 6)];
    expect((await verify(rangeOf(chain, 3, keys), { since })).problems).toEqual([]);
    expect(codes(await verify(rangeOf(chain, 6, keys), { since }))).toEqual(['not-extension']);
    expect(codes(await verify(rangeOf(chain, 3, keys), { key: chain.key.id }))).toEqual(['pin']);
  });

  it('of a chain that began with two keys cannot be verified, whichever signed', async () => {
    const [a, b, c] = [newKey(), newKey(), newKey()];
    for (const signer of [a, b]) {
      const chain = new ForgedChain(1, a);
      const created = chain.records[0] as ForgedRecord;
      (created.record.data as { keys: Loose[] }).keys.push(describeForged(b, 1));
      chain.keys.push(b);
      chain.rotate(c);
      chain.noteKey = signer;
      chain.add('tenant.user_role_changed', { user: 'x', old: 'a', new: 'b' });
      const keys = [describeForged(a, 1), describeForged(b, 1), describeForged(c, 3)];
      expect((await verify(rangeOf(chain, 3, keys))).problems).toContainEqual(
        expect.objectContaining({ line: 1, code: 'key' }),
      );
    }
  });

  it('holds its hashes in the only base64 they have', async () => {
    const chain = new ForgedChain(8);
    const text = rangeOf(chain, 5, [describeForged(chain.key, 1)]);
    const loose = text.replace(/("left":\["[^"]{42})(.)=/, (_all, before: string, last: string) => {
      return `${before}${String.fromCharCode(last.charCodeAt(0) + 1)}=`;
    });
    expect(loose).not.toBe(text);
    expect(await verify(loose)).toMatchObject({ verdict: 'unreadable' });
  });
});
