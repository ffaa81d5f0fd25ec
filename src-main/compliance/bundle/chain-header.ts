import { constants, open } from 'node:fs/promises';
import { type ExportHeader, MAX_LINE, readHeader } from '#main/audit/export-lines.ts';

const FIRST = 64 * 1024;

/** The header of a chain file; a sentence where it has none. Whether what it says holds is for the verification to say. */
export async function readChainHeader(path: string): Promise<ExportHeader | string> {
  const handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  try {
    let line = Buffer.alloc(0);
    for (let size = FIRST; size <= MAX_LINE; size *= 4) {
      const block = Buffer.alloc(size);
      const { bytesRead } = await handle.read(block, 0, size, 0);
      line = block.subarray(0, bytesRead);
      const end = line.indexOf(0x0a);
      if (end >= 0) return readHeader(line.subarray(0, end));
      if (bytesRead < size) break;
    }
    return 'it has no line that ends';
  } finally {
    await handle.close();
  }
}
