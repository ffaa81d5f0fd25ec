import { execFileSync } from 'node:child_process';
import { createHash, createPublicKey, verify } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readBundle } from '#main/compliance/bundle/read-bundle.ts';
import { removeFolder } from '../../../support/audit-store.ts';
import { PROJECT_ROOT } from '../../../support/project-root.ts';
import { openSampleBundle, type SampleBundle } from '../../../support/sample-bundle.ts';

let sample: SampleBundle;
beforeAll(async () => {
  sample = await openSampleBundle();
});
afterAll(async () => {
  await sample.test.store.close();
  removeFolder(sample.test.folder);
  removeFolder(sample.parent);
});

describe('a bundle', () => {
  it('removes what an ended program left behind a day ago, and nothing else', async () => {
    const names = [
      '.causeway-acme-2026-02-01.0123456789ab.partial',
      '.causeway-acme.partial',
      '.mine.0123456789ab.partial',
    ];
    const young = '.causeway-acme-2026-03-01.0123456789ab.partial';
    for (const name of [...names, young]) mkdirSync(join(sample.parent, name, 'reports'), { recursive: true });
    const before = new Date('2026-02-28T11:59:59.000Z');
    for (const name of names) utimesSync(join(sample.parent, name), before, before);
    await sample.make();
    const left = readdirSync(sample.parent).filter((name) => name.startsWith('.'));
    expect(left.sort()).toEqual([young, ...names.slice(1)].sort());
    for (const name of left) removeFolder(join(sample.parent, name));
  });

  it('holds everything an auditor needs, and reads as complete', async () => {
    const made = await sample.make();
    expect(readdirSync(made.folder).sort()).toEqual([
      'README.txt',
      'SHA256SUMS.txt',
      'audit.chain.jsonl',
      'causeway-verify.html',
      'causeway-verify.mjs',
      'machine',
      'manifest.json',
      'reports',
    ]);
    const { view, chain, pathOf } = await readBundle(made.folder);
    expect(view.problems).toEqual([]);
    expect(view).toMatchObject({
      verdict: 'complete',
      manifest: made.manifest,
      tenant: 'acme',
      chain: sample.test.store.chain,
      key: { id: sample.test.store.keyId, alg: 'Ed25519', holds: true },
      chainVerdict: { verdict: 'valid', problems: [] },
    });
    expect(view.files).toHaveLength(made.files - 1);
    expect(view.files.every(({ state }) => state === 'holds')).toBe(true);
    expect(view.reports).toHaveLength(1); // page and data are one report
    expect(view.reports[0]).toMatchObject({ file: 'reports/soc2-type2.html', digest: sample.report.digest });
    expect(view.reports[0]?.exceptions).toEqual(sample.report.document.exceptions);
    expect(chain).toBe(join(view.folder, 'audit.chain.jsonl'));
    expect(pathOf('reports/soc2-type2.html')).toBe(join(view.folder, 'reports', 'soc2-type2.html'));
    expect(pathOf('reports/soc2-type2.json')).toBeNull();
    expect(pathOf('../secret')).toBeNull();
  });

  it('is checked by a program that is not ours, as the documentation says', async () => {
    const { folder, manifest } = await sample.make();
    const text = readFileSync(join(folder, 'manifest.json'), 'utf8');
    const signed = JSON.parse(text);
    const digest = createHash('sha256').update(JSON.stringify(signed.manifest)).digest('hex');
    expect([digest, signed.digest]).toEqual([manifest, manifest]);
    const [header = ''] = readFileSync(join(folder, 'audit.chain.jsonl'), 'utf8').split('\n');
    const key = JSON.parse(header).keys.at(-1);
    const spki = createPublicKey({ key: Buffer.from(key.spki, 'base64'), format: 'der', type: 'spki' });
    const over = Buffer.from(`causeway-bundle/1\n${digest}\n`, 'ascii');
    expect(key.id).toBe(signed.signature.key);
    expect(verify(null, over, spki, Buffer.from(signed.signature.value, 'base64'))).toBe(true);
    for (const { file, digest: sum, bytes } of signed.manifest.files) {
      const content = readFileSync(join(folder, file));
      expect([file, createHash('sha256').update(content).digest('hex'), content.length]).toEqual([file, sum, bytes]);
    }
  });

  it.skipIf(process.platform !== 'linux')(
    'is checked by sha256sum and by the verifier in it, as README.txt says',
    async () => {
      const { folder } = await sample.make();
      const readme = readFileSync(join(folder, 'README.txt'), 'utf8');
      expect(readme).toContain('sha256sum -c SHA256SUMS.txt');
      expect(readme).toContain('node causeway-verify.mjs audit.chain.jsonl');
      const needs = /Node (\d+) or newer/.exec(readFileSync(join(folder, 'causeway-verify.mjs'), 'utf8'))?.[1];
      expect(readme).toContain(`with Node.js ${needs} or newer`);
      for (const { file } of JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')).manifest.files) {
        if (file !== 'README.txt' && file !== 'SHA256SUMS.txt') expect(readme).toContain(`  ${file}\n`);
      }
      const sums = execFileSync('sha256sum', ['-c', 'SHA256SUMS.txt'], { cwd: folder, encoding: 'utf8' });
      expect(sums.trim().split('\n')).toHaveLength(7);
      const run = execFileSync(process.execPath, ['causeway-verify.mjs', 'audit.chain.jsonl', '--json'], {
        cwd: folder,
        encoding: 'utf8',
      });
      expect(JSON.parse(run)).toMatchObject({ verdict: 'valid', chain: sample.test.store.chain });
    },
  );

  it('is put on record, with its reports, before it appears', async () => {
    let before: readonly string[] = [];
    const made = await sample.make({
      record: async (given) => {
        sample.recorded.push({ ...given });
        before = readdirSync(sample.parent).filter((name) => !name.startsWith('.'));
      },
    });
    expect(sample.recorded.at(-1)).toEqual({ manifest: made.manifest, reports: [sample.report.digest] });
    expect(before.map((name) => join(sample.parent, name))).not.toContain(made.folder);
  });

  it('never takes the place of what is there', async () => {
    const parent = join(sample.parent, 'taken');
    mkdirSync(join(parent, 'causeway-acme-2026-03-01'), { recursive: true });
    const made = await sample.make({ parent });
    expect(made.folder).toBe(join(parent, 'causeway-acme-2026-03-01-2'));
    expect(readdirSync(join(parent, 'causeway-acme-2026-03-01'))).toEqual([]);
  });

  it.each([
    ['the chain cannot be exported', { writeChain: () => Promise.reject(new Error('export failed')) }],
    ['it cannot be signed', { signer: { signDocument: () => Promise.reject(new Error('no key')) } }],
    ['it cannot be put on record', { record: () => Promise.reject(new Error('no trail')) }],
    ['it is cancelled', { signal: AbortSignal.abort() }],
  ])('leaves nothing when %s', async (_, broken) => {
    const parent = join(sample.parent, `fails-${Math.random().toString(16).slice(2)}`);
    mkdirSync(parent);
    await expect(sample.make({ parent, ...broken })).rejects.toThrow();
    expect(readdirSync(parent)).toEqual([]);
  });

  it.each(['../up.html', 'a/../../b.html', '/etc/passwd', 'c:\\x.html', '.hidden', 'con.html', 'a b.html'])(
    'writes no file called %s',
    async (file) => {
      const parent = join(sample.parent, `names-${Math.random().toString(16).slice(2)}`);
      mkdirSync(parent);
      const files = [{ file, kind: 'report' as const, what: 'x', bytes: Buffer.from('x') }];
      await expect(sample.make({ parent, files })).rejects.toMatchObject({ code: 'bad-input' });
      expect(readdirSync(parent)).toEqual([]);
      expect(existsSync(join(sample.parent, 'up.html'))).toBe(false);
    },
  );

  it('is refused where it cannot be written, with what to do', async () => {
    await expect(sample.make({ parent: join(sample.parent, 'not-there') })).rejects.toMatchObject({
      code: 'read-only',
    });
  });
});

describe('the documentation', () => {
  it('has a program that checks a bundle, and finds what was changed', async () => {
    const text = readFileSync(join(PROJECT_ROOT, 'docs/auditor-bundle.md'), 'utf8');
    const program = /```js\n([\s\S]*?)```/.exec(text)?.[1] ?? '';
    const { folder } = await sample.make();
    const script = join(sample.parent, 'check.mjs');
    writeFileSync(script, program);
    const run = () => execFileSync(process.execPath, [script], { cwd: folder, encoding: 'utf8' }).trim();
    expect(run()).toBe('true []');
    writeFileSync(join(folder, 'README.txt'), 'changed');
    expect(run()).toBe("true [ 'README.txt' ]");
    const manifest = readFileSync(join(folder, 'manifest.json'), 'utf8');
    writeFileSync(join(folder, 'manifest.json'), manifest.replace('"d-1"', '"d-2"'));
    expect(run()).toBe("false [ 'README.txt' ]");
  });
});
