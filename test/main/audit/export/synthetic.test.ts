import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExportRequest } from '#main/audit/export/export-request.ts';
import { type AuditStore, openAuditStore } from '#main/audit/store.ts';
import { verifyChainFile } from '#main/audit/verify-file.ts';
import { systemRandom } from '#main/platform/random.ts';
import { EXAMPLE_GENERATOR } from '#shared/model/synthetic.ts';
import { HandClock, removeFolder, roleInput, TEST_GENERATOR, temporaryFolder } from '../../../support/audit-store.ts';
import { MemorySecrets } from '../../../support/memory-secrets.ts';

const folder = temporaryFolder();
const stores = new Map<string, AuditStore>();

beforeAll(async () => {
  for (const name of [EXAMPLE_GENERATOR, 'Causeway']) {
    const store = await openAuditStore({
      folder: join(folder, name),
      tenant: 'acme',
      secrets: new MemorySecrets(),
      clock: new HandClock(),
      random: systemRandom,
      generator: { name, version: '1.0.0' },
    });
    for (const user of ['u-1', 'u-2', 'u-3']) await store.append(roleInput(user));
    stores.set(name, store);
  }
});
afterAll(async () => {
  for (const store of stores.values()) await store.close();
  removeFolder(folder);
});

/** Of records that are not the chain's first. */
async function exported(name: string, format: 'ocsf' | 'cef' | 'csv'): Promise<readonly string[]> {
  const file = join(folder, `${name}.${format}`);
  const request: ExportRequest = { format, query: { action: 'tenant.user_role_changed' } };
  await stores.get(name)?.export(file, request, { disclose: false, generator: TEST_GENERATOR });
  return readFileSync(file, 'utf8').trimEnd().split('\n');
}

describe('exports of a chain that is made up say so in each line, those of others nowhere', () => {
  it('as OCSF', async () => {
    const labels = (lines: readonly string[]) => lines.map((line) => JSON.parse(line).metadata.labels);
    expect(labels(await exported(EXAMPLE_GENERATOR, 'ocsf'))).toEqual([['synthetic'], ['synthetic'], ['synthetic']]);
    expect(labels(await exported('Causeway', 'ocsf'))).toEqual([undefined, undefined, undefined]);
  });

  it('as CEF', async () => {
    const marked = (lines: readonly string[]) =>
      lines.filter((line) => line.includes(' flexString1Label=synthetic flexString1=Made-up example'));
    expect(marked(await exported(EXAMPLE_GENERATOR, 'cef'))).toHaveLength(3);
    expect((await exported('Causeway', 'cef')).filter((line) => line.includes('flexString1'))).toEqual([]);
  });

  it('as CSV', async () => {
    const [head = '', ...rows] = await exported(EXAMPLE_GENERATOR, 'csv');
    expect(head).toMatch(/,"synthetic"\r?$/);
    expect(rows).toHaveLength(3);
    for (const row of rows) expect(row).toMatch(/,"Made-up example"\r?$/);
    expect((await exported('Causeway', 'csv')).join('\n')).not.toMatch(/synthetic|Made-up/);
  });

  it('as a chain file, an extract, and a range, where its first record is in it', async () => {
    const judged = async (name: string, request: ExportRequest) => {
      const file = join(folder, 'any.jsonl');
      await stores.get(name)?.export(file, request, { disclose: false, generator: TEST_GENERATOR });
      const { verdict, synthetic } = await verifyChainFile(file);
      return [verdict, synthetic];
    };
    expect(await judged(EXAMPLE_GENERATOR, { format: 'chain' })).toEqual(['valid', true]);
    expect(await judged(EXAMPLE_GENERATOR, { format: 'range', first: 1, last: 2 })).toEqual(['valid', true]);
    expect(await judged(EXAMPLE_GENERATOR, { format: 'range', first: 2, last: 3 })).toEqual(['valid', undefined]);
    const query = { action: 'tenant.created' } as const;
    expect(await judged(EXAMPLE_GENERATOR, { format: 'extract', query })).toEqual(['valid', true]);
    expect(await judged('Causeway', { format: 'chain' })).toEqual(['valid', undefined]);
  });
});
