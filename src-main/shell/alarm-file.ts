import { open } from 'node:fs/promises';
import path from 'node:path';
import { CausewayError } from '#shared/errors.ts';

const MAX_ALARM_BYTES = 1024 * 1024;

/**
 * An alarm file as chosen by a person. Its size is looked at before anything is read, and no more than that is read even when it
 * grows meanwhile. Throws `too-large` over 1 MiB, `bad-input` for a folder or a device, `not-found` when it cannot be read.
 */
export async function readAlarmFile(file: string): Promise<{ readonly bytes: Uint8Array; readonly name: string }> {
  const name = path.basename(file);
  const handle = await open(file, 'r').catch((cause: unknown) => {
    throw new CausewayError('not-found', `The file ${name} cannot be opened. Nothing was imported.`, { cause });
  });
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw new CausewayError('bad-input', `${name} is not a file. Nothing was imported.`);
    if (stat.size > MAX_ALARM_BYTES) throw tooLarge(name, stat.size);
    const buffer = Buffer.alloc(MAX_ALARM_BYTES + 1);
    let length = 0;
    while (length < buffer.length) {
      const { bytesRead } = await handle.read(buffer, length, buffer.length - length, length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    if (length > MAX_ALARM_BYTES) throw tooLarge(name, length);
    return { bytes: new Uint8Array(buffer.subarray(0, length)), name };
  } catch (error) {
    if (error instanceof CausewayError) throw error;
    throw new CausewayError('not-found', `The file ${name} cannot be read. Nothing was imported.`, { cause: error });
  } finally {
    await handle.close();
  }
}

function tooLarge(name: string, size: number): CausewayError {
  const mebibytes = (size / 1024 / 1024).toFixed(1);
  return new CausewayError(
    'too-large',
    `${name} has ${mebibytes} MiB; an alarm file has at most 1 MiB. Nothing was imported.`,
  );
}
