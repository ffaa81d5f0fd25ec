import { type ExportHeader, MAX_LINE, readHeader } from '#main/audit/export-lines.ts';

/**
 * Takes the header of a chain file out of the bytes that are hashed anyway. A file opened a second time for it could be
 * another one by then, and the keys those of somebody else.
 */
export interface HeaderCollector {
  /** The next bytes of the file; they are copied. */
  take(piece: Uint8Array): void;
  /** A sentence where it has none. Whether what it says holds is for the verification to say. */
  read(): ExportHeader | string;
}

export function collectHeader(): HeaderCollector {
  const pieces: Uint8Array[] = [];
  let length = 0;
  let ended = false;
  return {
    take: (piece) => {
      if (ended || length > MAX_LINE) return;
      const end = piece.indexOf(0x0a);
      ended = end >= 0;
      const part = Uint8Array.from(ended ? piece.subarray(0, end) : piece);
      pieces.push(part);
      length += part.length;
    },
    read: () => (ended && length <= MAX_LINE ? readHeader(Buffer.concat(pieces)) : 'it has no line that ends'),
  };
}
