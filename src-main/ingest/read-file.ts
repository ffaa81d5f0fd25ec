import { open } from 'node:fs/promises';
import { CausewayError } from '#shared/errors.ts';
import { MOST_ALARM_BYTES, tooLarge } from './read-alarm.ts';
import { refuseAlarm } from './refuse.ts';

/**
 * Reads an alarm file. The size is looked at first and never more than 1 MiB is read, whatever the file grows to
 * meanwhile. `not-found`, `too-large`, or `bad-input` when it is no regular file or cannot be read.
 */
export async function readAlarmFile(path: string): Promise<Uint8Array> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw describeOpen(path, cause);
  });
  try {
    const info = await file.stat();
    if (!info.isFile()) throw refuseAlarm('wrong-shape', `${path} is not a file. Choose an alarm's JSON file.`);
    if (info.size > MOST_ALARM_BYTES) throw tooLarge(info.size);
    const buffer = new Uint8Array(MOST_ALARM_BYTES + 1);
    let length = 0;
    while (length < buffer.byteLength) {
      const { bytesRead } = await file.read(buffer, length, buffer.byteLength - length, length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    if (length > MOST_ALARM_BYTES) throw tooLarge(length);
    return buffer.slice(0, length);
  } finally {
    await file.close();
  }
}

function describeOpen(path: string, cause: unknown): CausewayError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  if (code === 'ENOENT') return new CausewayError('not-found', `There is no file ${path}.`, { cause });
  return new CausewayError('bad-input', `${path} cannot be read (${code}). Check its permissions.`, { cause });
}
