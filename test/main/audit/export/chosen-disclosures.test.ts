import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seal } from '#main/audit/seal.ts';
import type { ExportRequest } from '#main/audit/store.ts';
import { verifyChainFile } from '#main/audit/verify-file.ts';
import {
  noteInput,
  openTestStore,
  removeFolder,
  TEST_GENERATOR,
  type TestStore,
} from '../../../support/audit-store.ts';

let test: TestStore;
let file = '';
beforeAll(async () => {
  test = await openTestStore();
  file = join(test.folder, 'out.jsonl');
  for (let index = 0; index < 30; index++)
    await test.store.append(noteInput('inc-1', `text ${index}`, `user-${index}`));
});
afterAll(async () => {
  await test.store.close();
  removeFolder(test.folder);
});

const places = () =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('{"disclosure"'))
    .map((line) => JSON.parse(line).disclosure)
    .map(({ seq, path }: { seq: number; path: string }) => `${seq} ${path}`);
const by = { actor: { type: 'user' as const, id: 'u-1', name: seal('u-1', 'Somebody') } };

describe('an export with chosen values', () => {
  it.each([
    ['chain', { format: 'chain' }],
    ['range', { format: 'range', first: 2, last: 20 }],
    ['extract', { format: 'extract', query: { action: 'incident.note_added' } }],
  ] as const)('discloses these, and no others, in a %s', async (_, request: ExportRequest) => {
    const chosen = (seq: number, path: string) => seq % 5 === 0 && path === '/data/note';
    const done = await test.store.export(file, request, { disclose: chosen, generator: TEST_GENERATOR, by });
    const found = places();
    expect(found.length).toBeGreaterThan(2);
    expect(found.every((place) => /^\d*[05] \/data\/note$/.test(place))).toBe(true);
    expect(done.disclosures).toBe(found.length);
    const verdict = await verifyChainFile(file);
    expect(verdict).toMatchObject({ verdict: 'valid', sealed: { disclosed: found.length } });
    expect(verdict.sealed.withheld).toBeGreaterThan(found.length);
    expect(test.store.get(test.store.head().seq)?.record.data).toMatchObject({ disclosures: found.length });
  });

  it('counts its own values as it is asked', async () => {
    const own = test.store.head().seq + 1;
    for (const disclose of [(seq: number) => seq === own, (seq: number) => seq === own + 2] as const) {
      await test.store.exportChain(file, { disclose, generator: TEST_GENERATOR, by });
      const written = places();
      const inFile =
        readFileSync(file, 'utf8')
          .split('\n')
          .filter((line) => line.includes('tenant.audit_exported'))
          .at(-1) ?? '';
      expect(inFile).toContain(`"disclosures":${written.length}`);
      expect(written).toHaveLength(1);
    }
  });

  it('in a format for other programs shows the chosen ones only', async () => {
    const disclose = (seq: number, path: string) => seq === 5 && path === '/data/note';
    const request = { format: 'csv', query: { action: 'incident.note_added' } } as const;
    const done = await test.store.export(file, request, { disclose, generator: TEST_GENERATOR });
    expect(done.disclosures).toBe(1);
    expect(readFileSync(file, 'utf8').match(/text \d+/g)).toHaveLength(1);
  });
});
