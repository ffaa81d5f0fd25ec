import { appendFileSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { presentBundle } from '#main/cli/present-evidence.ts';
import { createAuditorDesk } from '#main/console/compliance/auditor-desk.ts';
import { removeFolder } from '../../../support/audit-store.ts';
import { MemorySecrets } from '../../../support/memory-secrets.ts';
import { openSampleBundle, type SampleBundle } from '../../../support/sample-bundle.ts';

const REPORT = 'reports/soc2-type2.html';
const DAMAGE = 'Ask for the folder again';

let sample: SampleBundle;
let folder: string;
const opened = async () => {
  const desk = createAuditorDesk({
    secrets: new MemorySecrets(),
    device: { id: 'd-2', name: 'other' },
    version: '0.0.0-test',
  });
  return { desk, view: await desk.openBundle(folder) };
};
const refusalOf = async (file: string): Promise<string> => {
  const { desk } = await opened();
  return desk.reperformInBundle(file).then(
    () => 'not refused',
    (error: unknown) => String(error),
  );
};

beforeEach(async () => {
  sample = await openSampleBundle();
  ({ folder } = await sample.make());
});
afterEach(async () => {
  await sample.test.store.close();
  removeFolder(sample.test.folder);
  removeFolder(sample.parent);
});

describe('a report to be computed again from a bundle', () => {
  test('that it does not have is not called damage: those it has are named', async () => {
    for (const name of ['reports/1-soc2-type2.html', 'reports/soc2-type2.json', 'README.txt', '../secret']) {
      const refusal = await refusalOf(name);
      expect(refusal).toContain(`no report of this name that can be computed again. Name one of these: ${REPORT}.`);
      expect(refusal).not.toContain(DAMAGE);
    }
  });

  test('that was changed or is missing is', async () => {
    appendFileSync(path.join(folder, REPORT), ' ');
    expect(await refusalOf(REPORT)).toContain(DAMAGE);
    rmSync(path.join(folder, REPORT));
    expect(await refusalOf(REPORT)).toContain(DAMAGE);
  });

  test('and a bundle none of whose reports was read says so', async () => {
    rmSync(path.join(folder, 'audit.chain.jsonl'));
    expect(await refusalOf(REPORT)).toContain('No report of this bundle was read');
  });
});

describe('the key of a bundle', () => {
  test('is given to be compared where its signature holds', async () => {
    const { view } = await opened();
    expect(view.key).toEqual({ id: sample.test.store.keyId, alg: 'Ed25519', holds: true });
    expect(presentBundle(view)).toContain(`key       ${view.key.id}: compare it`);
  });

  test('is not, where nobody can say who signed: without the chain file, and beside another one', async () => {
    const chain = path.join(folder, 'audit.chain.jsonl');
    const away = path.join(sample.parent, 'away');
    mkdirSync(away);
    renameSync(chain, path.join(away, 'audit.chain.jsonl'));
    const missing = await opened();
    expect(missing.view.key.holds).toBe(false);
    expect(presentBundle(missing.view)).toContain('key       who signed it cannot be said');
    expect(presentBundle(missing.view)).not.toContain(missing.view.key.id);
    renameSync(path.join(away, 'audit.chain.jsonl'), chain);
    appendFileSync(chain, '\n');
    const changed = await opened();
    expect(changed.view.key.holds).toBe(false);
    expect(presentBundle(changed.view)).not.toContain('compare it');
  });
});
