import { constants, type FileHandle, open } from 'node:fs/promises';
import { CausewayError, describeError } from '#shared/errors.ts';

/**
 * The bytes of a report file somebody else may have laid there: a regular file of `most` bytes at most. A pipe is not
 * waited for, and of a file that grows no more is read.
 * @param links whether the file itself may be a link, as one that a person chose may be
 * @throws CausewayError `bad-input` (`unreadable`), `too-large`
 */
export async function readReportBytes(path: string, most: number, links: boolean): Promise<Buffer> {
  let handle: FileHandle | undefined;
  try {
    const noLink = links ? 0 : (constants.O_NOFOLLOW ?? 0);
    handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | noLink);
    const stat = await handle.stat();
    if (!stat.isFile()) throw unreadable('it is not a file');
    if (stat.size > most) throw new CausewayError('too-large', 'This file is too large for a report.');
    const bytes = Buffer.alloc(stat.size + 1);
    let read = 0;
    while (read < bytes.length) {
      const { bytesRead } = await handle.read(bytes, read, bytes.length - read, read);
      if (bytesRead === 0) break;
      read += bytesRead;
    }
    if (read > stat.size) throw unreadable('it was changed while it was read');
    return bytes.subarray(0, read);
  } catch (cause) {
    if (cause instanceof CausewayError) throw cause;
    throw unreadable(describeError(cause), cause);
  } finally {
    await handle?.close();
  }
}

function unreadable(why: string, cause?: unknown): CausewayError {
  const text = `The report cannot be read: ${why}. Choose a .html or .json file saved by Causeway.`;
  return new CausewayError('bad-input', text, { reason: 'unreadable', cause });
}
