import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readIncidentBundle, writeIncidentBundle } from '#main/audit/history/incident-bundle.ts';
import { createEd25519Key, ed25519Signer } from '#main/audit/signer.ts';
import { systemRandom } from '#main/platform/random.ts';
import { removeFolder, temporaryFolder } from '../../../support/audit-store.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => removeFolder(folder));

const signer = ed25519Signer(createEd25519Key(systemRandom), 'test');
const parts = () => ({
  folder,
  chain: '8c7b1a52-3f0e-4c65-9d8e-2a4b6c8d0e1f',
  tenant: 'acme',
  signer,
  random: systemRandom,
});
const findings = {
  time: '2026-03-01T12:00:00.000Z',
  head: { seq: 3, hash: 'a'.repeat(64) },
  problems: [{ line: 0, seq: 2, code: 'hash' as const, message: 'half a pair \ud800' }],
};

describe('an incident bundle', () => {
  it('holds what was found, for its owner only, and reads back', async () => {
    const { file, digest } = await writeIncidentBundle(parts(), findings);
    expect(readdirSync(join(folder, 'incidents'))).toEqual([
      `2026-03-01T12-00-00-000Z-${digest.slice(0, 12)}.incident.json`,
    ]);
    const read = await readIncidentBundle(file);
    expect(read).toMatchObject({ digest, keyId: signer.keyId });
    if (typeof read === 'string') throw new Error(read);
    expect(read.incident).toMatchObject({ chain: parts().chain, head: findings.head, problemCount: 1, breaks: [] });
  });

  it.each<[string, (text: string) => string, RegExp]>([
    ['another number', (text) => text.replace('"seq":3', '"seq":4'), /digest/],
    ['another signature', (text) => text.replace(/"sig":"..../, '"sig":"AAAA'), /signature/],
    ['half of it', (text) => text.slice(0, 200), /cannot be read/],
    ['another member', (text) => text.replace('{"digest"', '{"a":1,"digest"'), /form/],
  ])('with %s is none', async (_name, change, expected) => {
    const { file } = await writeIncidentBundle(parts(), findings);
    writeFileSync(file, change(readFileSync(file, 'utf8')));
    expect(await readIncidentBundle(file)).toMatch(expected);
  });
});
