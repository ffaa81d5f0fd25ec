import { hash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Recording, saveOnRecord } from '#main/console/compliance/save-on-record.ts';
import { systemRandom } from '#main/platform/random.ts';
import { removeFolder, temporaryFolder } from '../../../support/audit-store.ts';
import { MemoryTrail } from '../../../support/memory-trail.ts';

const BYTES = Buffer.from('a report');
const BY: Recording['by'] = {
  type: 'user',
  id: 'u-1',
  human: 'u-1',
  name: 'Demo Person',
  role: 'admin',
  tenant: 'example',
  session: 's-1',
  device: { id: 'd-1', name: 'test-device' },
};
const RECORD = {
  framework: 'soc2',
  from: '2026-01-01T00:00:00.000Z',
  to: '2026-03-01T00:00:00.000Z',
  format: 'html',
} as const;

let folder: string;
let trail: MemoryTrail;
beforeEach(() => {
  folder = temporaryFolder();
  trail = new MemoryTrail();
});
afterEach(() => removeFolder(folder));

const file = () => join(folder, 'report.html');
const save = (audit: Recording['audit'] = trail) =>
  saveOnRecord({ audit, by: BY, random: systemRandom }, file(), BYTES, RECORD);
const outcomes = () => trail.records.map(({ record }) => record.outcome);

describe('a report that is saved', () => {
  it('is on record with its digest before it has its name', async () => {
    let there: readonly string[] | null = null;
    const saved = await save({
      append: (input) => {
        there = readdirSync(folder);
        return trail.append(input);
      },
    });
    expect(there).toEqual([expect.stringMatching(/^\.report\.html\.[0-9a-f]{12}\.partial$/)]);
    const digest = hash('sha256', BYTES, 'hex');
    expect(saved).toEqual({ file: file(), bytes: BYTES.length, digest });
    expect(trail.newest).toMatchObject({
      action: 'tenant.report_generated',
      outcome: 'success',
      data: { ...RECORD, digest },
    });
    expect(outcomes()).toEqual(['success']);
    expect(readFileSync(file())).toEqual(BYTES);
  });

  it('is nowhere when the trail cannot be written', async () => {
    trail.fails = true;
    await expect(save()).rejects.toMatchObject({ code: 'audit-unavailable' });
    expect(readdirSync(folder)).toEqual([]);
    expect(outcomes()).toEqual([]);
  });

  it('is on record as failed when it cannot have its name', async () => {
    mkdirSync(join(file(), 'not empty'), { recursive: true });
    await expect(save()).rejects.toMatchObject({
      code: 'read-only',
      message: `The file ${file()} cannot be written. Choose another place and save it again.`,
    });
    expect(outcomes()).toEqual(['success', 'failure']);
    expect(readdirSync(folder)).toEqual(['report.html']);
  });

  it('is not on record at all when nothing could be written', async () => {
    removeFolder(folder);
    await expect(save()).rejects.toMatchObject({ code: 'read-only' });
    expect(outcomes()).toEqual([]);
  });
});
