import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MOST_ALARM_BYTES } from '#main/ingest/read-alarm.ts';
import { readAlarmFile } from '#main/ingest/read-file.ts';
import { ALARM_FILES, alarmBytes, alarmPath } from './fixtures.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'causeway-alarm-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('readAlarmFile', () => {
  it('reads a file as it is', async () => {
    expect(await readAlarmFile(alarmPath(ALARM_FILES[0]))).toEqual(alarmBytes(ALARM_FILES[0]));
  });

  it('accepts exactly 1 MiB and refuses one byte more', async () => {
    const file = join(folder, 'limit.json');
    writeFileSync(file, Buffer.alloc(MOST_ALARM_BYTES, 0x20));
    expect((await readAlarmFile(file)).byteLength).toBe(MOST_ALARM_BYTES);
    truncateSync(file, MOST_ALARM_BYTES + 1);
    await expect(readAlarmFile(file)).rejects.toMatchObject({ code: 'too-large' });
  });

  /** @securityTest 50 MB of JSON are refused by their size and never read into memory */
  it('refuses 50 MB without reading them', async () => {
    const file = join(folder, 'huge.json');
    writeFileSync(file, '{');
    truncateSync(file, 50_000_000);
    const before = process.memoryUsage().arrayBuffers;
    await expect(readAlarmFile(file)).rejects.toThrow(/50000000 bytes/);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000);
  });

  it('says what is wrong with a path', async () => {
    await expect(readAlarmFile(join(folder, 'missing.json'))).rejects.toMatchObject({ code: 'not-found' });
    await expect(readAlarmFile(folder)).rejects.toMatchObject({ code: 'bad-input' });
  });
});
