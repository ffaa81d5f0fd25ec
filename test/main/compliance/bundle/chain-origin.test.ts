import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openAuditStore } from '#main/audit/store.ts';
import { presentBundle } from '#main/cli/present-evidence.ts';
import { isSyntheticFile } from '#main/compliance/bundle/chain-origin.ts';
import { writeReadme } from '#main/compliance/bundle/readme.ts';
import { systemRandom } from '#main/platform/random.ts';
import { EXAMPLE_GENERATOR, SYNTHETIC_CHAIN } from '#shared/model/synthetic.ts';
import { HandClock, removeFolder, roleInput, TEST_GENERATOR, temporaryFolder } from '../../../support/audit-store.ts';
import { MemorySecrets } from '../../../support/memory-secrets.ts';

const folder = temporaryFolder();
afterAll(() => removeFolder(folder));

async function exported(name: string): Promise<string> {
  const store = await openAuditStore({
    folder: join(folder, name),
    tenant: 'acme',
    secrets: new MemorySecrets(),
    clock: new HandClock(),
    random: systemRandom,
    generator: { name, version: '1.0.0' },
  });
  try {
    await store.append(roleInput('u-1'));
    const file = join(folder, `${name}.chain.jsonl`);
    await store.exportChain(file, { disclose: false, generator: TEST_GENERATOR });
    return file;
  } finally {
    await store.close();
  }
}

describe('a bundle of a chain that is made up', () => {
  it('is known by the first record of the chain file', async () => {
    expect(await isSyntheticFile(await exported(EXAMPLE_GENERATOR))).toBe(true);
    expect(await isSyntheticFile(await exported('Causeway'))).toBe(false);
  });

  it('is not known by what is no chain file: whether it holds is said elsewhere', async () => {
    const junk = join(folder, 'junk.jsonl');
    writeFileSync(junk, `{"generator":{"name":"${EXAMPLE_GENERATOR}"}}\n`);
    expect(await isSyntheticFile(junk)).toBe(false);
    expect(await isSyntheticFile(join(folder, 'nothing'))).toBe(false);
  });

  it('says so in the first line an auditor reads, and in the first the terminal prints', () => {
    const about = {
      chain: '0f8fad5b-d9cb-469f-a165-70867728950e',
      tenant: 'example-year',
      madeAt: '2026-03-01T12:00:00.000Z',
      made: { by: 'u-00000000000a', device: 'd-1' },
      build: { name: 'Causeway', version: '1.0.0' },
      disclosed: 'none',
    } as const;
    const readme = (synthetic: boolean) => writeReadme({ about, files: [], synthetic });
    expect(readme(true)).toBe(`${SYNTHETIC_CHAIN}\n\n${readme(false)}`);
    expect(readme(false)).toMatch(/^EVIDENCE BUNDLE FOR AUDITORS\n/);
    const view = {
      folder: '/bundle',
      manifest: 'a'.repeat(64),
      tenant: about.tenant,
      chain: about.chain,
      madeAt: about.madeAt,
      key: { id: '0123456789abcdef', alg: 'Ed25519', holds: true },
      verdict: 'complete',
      problems: [],
      files: [],
      reports: [],
      chainVerdict: { verdict: 'valid', problems: [] },
    } satisfies Parameters<typeof presentBundle>[0];
    const synthetic = { ...view, chainVerdict: { ...view.chainVerdict, synthetic: true as const } };
    expect(presentBundle(synthetic)).toBe(`${SYNTHETIC_CHAIN}\n${presentBundle(view)}`);
    expect(presentBundle(view)).toMatch(/^COMPLETE: /);
  });
});
