import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { canonicalText } from '#main/audit/canonical.ts';
import { seal } from '#main/audit/seal.ts';
import { signingKeyName } from '#main/audit/secret-names.ts';
import { signDocument } from '#main/audit/signed-document.ts';
import { ed25519Signer } from '#main/audit/signer.ts';
import { manifestDigest } from '#main/compliance/bundle/manifest.ts';
import { readBundle } from '#main/compliance/bundle/read-bundle.ts';
import { openTestStore, removeFolder, TEST_GENERATOR, temporaryFolder } from '../../../support/audit-store.ts';
import {
  anyDigest,
  manifestIn,
  openSampleBundle,
  putManifest,
  type SampleBundle,
} from '../../../support/sample-bundle.ts';

let sample: SampleBundle;
let whole = '';
let outside = '';
let folder = '';
beforeAll(async () => {
  sample = await openSampleBundle();
  whole = (await sample.make()).folder;
  outside = temporaryFolder();
  writeFileSync(join(outside, 'secret.txt'), 'not for anybody');
});
afterAll(async () => {
  await sample.test.store.close();
  for (const path of [sample.test.folder, sample.parent, outside, folder]) removeFolder(path);
});
beforeEach(() => {
  if (folder !== '') removeFolder(folder);
  folder = join(temporaryFolder(), 'bundle');
  cpSync(whole, folder, { recursive: true });
});

const at = (file: string) => join(folder, file);
const stateOf = async (file: string) => {
  const { view } = await readBundle(folder);
  return { verdict: view.verdict, state: view.files.find((one) => one.file === file)?.state, problems: view.problems };
};
/** The manifest with a change, as somebody without the key can write it. */
const forge = (change: (manifest: ReturnType<typeof manifestIn>['manifest']) => object) => {
  const signed = manifestIn(folder);
  const manifest = change(signed.manifest) as typeof signed.manifest;
  putManifest(folder, `${canonicalText({ ...signed, manifest, digest: manifestDigest(manifest) })}\n`);
};

describe('a bundle that was tampered with', () => {
  it('is complete as long as nothing was', async () => {
    expect((await readBundle(folder)).view.verdict).toBe('complete');
  });

  it.each(['README.txt', 'causeway-verify.mjs', 'reports/soc2-type2.html', 'machine/findings.ocsf.jsonl'])(
    'names %s where it is missing',
    async (file) => {
      rmSync(at(file));
      expect(await stateOf(file)).toMatchObject({ verdict: 'damaged', state: 'missing', problems: [{ file }] });
    },
  );

  it('names a file of which one byte was changed, and one that was made longer', async () => {
    const bytes = readFileSync(at('causeway-verify.mjs'));
    bytes[1000] = (bytes[1000] ?? 0) ^ 1;
    writeFileSync(at('causeway-verify.mjs'), bytes);
    expect(await stateOf('causeway-verify.mjs')).toMatchObject({ verdict: 'damaged', state: 'changed' });
    writeFileSync(at('README.txt'), 'You need not check anything.\n');
    expect(await stateOf('README.txt')).toMatchObject({ state: 'changed' });
  });

  it('names what was added, and does not follow it', async () => {
    writeFileSync(at('reports/another-report.html'), '<p>All is well.</p>');
    symlinkSync(join(outside, 'secret.txt'), at('notes.txt'));
    symlinkSync(outside, at('more'));
    const { view } = await readBundle(folder);
    const added = view.files.filter(({ state }) => state === 'unexpected');
    expect(added.map(({ file }) => file)).toEqual(['more', 'notes.txt', 'reports/another-report.html']);
    expect(added.filter(({ digest }) => digest !== '0'.repeat(64)).map(({ file }) => file)).toEqual([
      'reports/another-report.html',
    ]);
    expect(view.verdict).toBe('damaged');
    expect(view.reports).toHaveLength(1);
  });

  it('does not read through a link in the place of a file, or of a folder', async () => {
    rmSync(at('README.txt'));
    symlinkSync(join(outside, 'secret.txt'), at('README.txt'));
    expect(await stateOf('README.txt')).toMatchObject({
      state: 'changed',
      problems: [{ file: 'README.txt', text: expect.stringContaining('link') }],
    });
    cpSync(join(whole, 'README.txt'), at('x'));
    rmSync(at('README.txt'));
    renameSync(at('x'), at('README.txt'));
    renameSync(at('reports'), join(outside, 'reports'));
    symlinkSync(join(outside, 'reports'), at('reports'));
    expect(await stateOf('reports/soc2-type2.html')).toMatchObject({ verdict: 'damaged', state: 'changed' });
  });

  it.skipIf(process.platform === 'win32')('does not wait for a pipe', async () => {
    rmSync(at('README.txt'));
    execFileSync('mkfifo', [at('README.txt')]);
    expect(await stateOf('README.txt')).toMatchObject({ state: 'changed' });
    rmSync(at('manifest.json'));
    execFileSync('mkfifo', [at('manifest.json')]);
    await expect(readBundle(folder)).rejects.toMatchObject({ code: 'bad-input' });
  });

  it('tells that a manifest was rewritten, although it fits the files', async () => {
    const text = 'Trust me.\n';
    writeFileSync(at('README.txt'), text);
    const entry = { bytes: text.length, digest: createHash('sha256').update(text).digest('hex') };
    forge((manifest) => ({
      ...manifest,
      files: manifest.files.map((one) => (one.file === 'README.txt' ? { ...one, ...entry } : one)),
    }));
    const { view } = await readBundle(folder);
    expect(view.verdict).toBe('damaged');
    expect(view.files.every(({ state }) => state === 'holds')).toBe(true);
    expect(view.problems).toEqual([
      { file: 'manifest.json', text: expect.stringContaining('signature does not hold') },
    ]);
  });

  it('tells that a digest was left as it was over another manifest', async () => {
    const signed = manifestIn(folder);
    putManifest(folder, `${canonicalText({ ...signed, manifest: { ...signed.manifest, tenant: 'other' } })}\n`);
    const { view } = await readBundle(folder);
    expect(view.problems.map(({ text }) => text)).toEqual(
      expect.arrayContaining([
        expect.stringContaining('its digest is not that of what it says'),
        expect.stringContaining('another chain'),
        expect.stringContaining('signature does not hold'),
      ]),
    );
  });

  it('tells when somebody else made it with a chain of their own', async () => {
    const other = await openTestStore();
    await other.store.exportChain(join(outside, 'other.jsonl'), { disclose: false, generator: TEST_GENERATOR });
    const bytes = readFileSync(join(outside, 'other.jsonl'));
    writeFileSync(at('audit.chain.jsonl'), bytes);
    const digest = createHash('sha256').update(bytes).digest('hex');
    forge((manifest) => ({
      ...manifest,
      files: manifest.files.map((entry) =>
        entry.kind === 'chain' ? { ...entry, bytes: bytes.length, digest } : entry,
      ),
    }));
    const { view } = await readBundle(folder);
    expect(view.chainVerdict.verdict).toBe('valid');
    expect(view.verdict).toBe('damaged');
    expect(view.problems.map(({ text }) => text)).toEqual(
      expect.arrayContaining([
        expect.stringContaining('another chain'),
        expect.stringContaining('a key that is none of this chain'),
      ]),
    );
    await other.store.close();
    removeFolder(other.folder);
  });

  it('says nothing of a signature where the chain does not verify', async () => {
    const text = readFileSync(at('audit.chain.jsonl'), 'utf8');
    writeFileSync(at('audit.chain.jsonl'), text.replace('user-1', 'user-2'));
    const { view, chain } = await readBundle(folder);
    expect(chain).toBeNull();
    expect(view.chainVerdict.verdict).toBe('unreadable');
    expect(view.problems.map(({ text: why }) => why)).toEqual(
      expect.arrayContaining([expect.stringContaining('Who signed it cannot be said')]),
    );
  });
});

describe('a manifest that is hostile', () => {
  const entry = (file: string) => ({ file, kind: 'report', bytes: 5, digest: anyDigest(), what: 'x' });

  it('is read as long as its names are plain', async () => {
    forge((manifest) => ({ ...manifest, files: [...manifest.files, entry('reports/a-b_c.1.html')] }));
    expect(await stateOf('reports/a-b_c.1.html')).toMatchObject({ state: 'missing' });
  });

  it.each([
    '../secret.txt',
    'reports/../../secret.txt',
    '/etc/passwd',
    '..\\secret.txt',
    'c:secret.txt',
    './README.txt',
    'a//b',
    'reports/',
    '.git/config',
    'CON',
    'aux.txt',
    'name.',
    'na\u202eme.html',
    'reports/a\u0000b.html',
    'a/b/c/d/e.html',
    'x'.repeat(201),
    '',
  ])('with the name %j is refused', async (file) => {
    const signed = manifestIn(folder);
    putManifest(
      folder,
      `${canonicalText({ ...signed, manifest: { ...signed.manifest, files: [...signed.manifest.files, entry(file)] } })}\n`,
    );
    await expect(readBundle(folder)).rejects.toMatchObject({ code: 'bad-input', reason: 'manifest' });
  });

  it.each([
    ['two files of one name', [entry('x.html'), entry('x.html')]],
    ['two that differ in their case only', [entry('x.html'), entry('X.html')]],
    ['a file that is a folder of another', [entry('x'), entry('x/y.html')]],
    ['itself', [entry('Manifest.json')]],
    ['a second chain', [{ ...entry('other.jsonl'), kind: 'chain' }]],
    ['more files than there may be', Array.from({ length: 1000 }, (_, index) => entry(`r${index}.html`))],
    ['a size below nothing', [{ ...entry('x.html'), bytes: -1 }]],
    ['a member too many', [{ ...entry('x.html'), more: 1 }]],
  ])('that names %s is refused', async (_, more) => {
    const signed = manifestIn(folder);
    putManifest(
      folder,
      `${canonicalText({ ...signed, manifest: { ...signed.manifest, files: [...signed.manifest.files, ...more] } }, { integersOnly: false })}\n`,
    );
    await expect(readBundle(folder)).rejects.toMatchObject({ code: 'bad-input', reason: 'manifest' });
  });

  it('that is not in its one form, cut off, huge, no JSON or a link is refused', async () => {
    const text = readFileSync(at('manifest.json'), 'utf8');
    const twice = text.replace('{"digest"', `{"digest":"${anyDigest()}","digest"`);
    const proto = text.replace('{"digest"', '{"__proto__":{},"digest"');
    for (const bad of [
      JSON.stringify(JSON.parse(text), null, 2),
      twice,
      proto,
      text.slice(0, -5),
      '',
      '[]',
      'null',
      ' '.repeat(3_000_000),
    ]) {
      putManifest(folder, bad);
      await expect(readBundle(folder)).rejects.toMatchObject({ code: 'bad-input' });
    }
    rmSync(at('manifest.json'));
    symlinkSync(join(whole, 'manifest.json'), at('manifest.json'));
    await expect(readBundle(folder)).rejects.toMatchObject({ code: 'bad-input' });
    await expect(readBundle(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'bad-input' });
    await expect(readBundle(at('README.txt'))).rejects.toMatchObject({ code: 'bad-input' });
  });

  it('that claims sizes without end reads no more than there is', async () => {
    forge((manifest) => ({
      ...manifest,
      files: manifest.files.map((one) =>
        one.file === 'README.txt' ? { ...one, bytes: Number.MAX_SAFE_INTEGER } : one,
      ),
    }));
    expect(await stateOf('README.txt')).toMatchObject({ state: 'changed' });
  });

  it('in a folder with more than a bundle holds is read to a limit', { timeout: 60_000 }, async () => {
    mkdirSync(at('many'));
    for (let index = 0; index < 5100; index++) writeFileSync(at(`many/${index}`), '');
    const { view } = await readBundle(folder);
    expect(view.problems).toHaveLength(1000);
    expect(view.files.length).toBeLessThanOrEqual(1000);
    expect(view.problems[0]?.text).toContain('not all of it was looked at');
  });
});

it('can be given up, and tells how far it is', async () => {
  const told: (readonly [number, number])[] = [];
  await readBundle(folder, { onProgress: (done, total) => told.push([done, total]) });
  expect(told.length).toBeGreaterThan(4);
  expect(told.every(([done, total]) => done <= total)).toBe(true);
  await expect(readBundle(folder, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
});

it('signed with a key that was given up since is told', async () => {
  const own = await openSampleBundle();
  const { store, secrets } = own.test;
  const kept = await secrets.get(signingKeyName(store.chain));
  if (kept === null) throw new Error('the first key is in the keychain');
  const old = ed25519Signer(Buffer.from(kept), 'stolen');
  await store.rotateKey({
    to: { kind: 'keychain' },
    by: { actor: { type: 'user', id: 'u-1' } },
    justification: seal('u-1', 'test'),
    reason: 'scheduled',
  });
  expect((await readBundle((await own.make()).folder)).view.verdict).toBe('complete');
  const made = await own.make({ signer: { signDocument: (format, digest) => signDocument(old, format, digest) } });
  const { view } = await readBundle(made.folder);
  expect(view).toMatchObject({ verdict: 'damaged', key: { id: old.keyId } });
  expect(view.problems).toEqual([{ file: 'manifest.json', text: expect.stringContaining('no longer in force') }]);
  await store.close();
  for (const path of [own.test.folder, own.parent]) removeFolder(path);
});
