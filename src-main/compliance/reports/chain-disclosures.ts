import { constants, open } from 'node:fs/promises';
import { MAX_LINE, readDisclosure } from '#main/audit/export-lines.ts';
import { type FileLine, readLines } from '#main/audit/line-reader.ts';
import { kindOf } from '#main/audit/record-line.ts';
import { sealDigest } from '#main/audit/seal.ts';
import type { SealedCell } from '#shared/model/report.ts';
import { type Disclosures, showDisclosed } from './disclosures.ts';

/**
 * What a chain file discloses of the sealed values wanted. A value that does not give the digest that stands in its record
 * is none. @throws CausewayError `cancelled`, and the file system's errors
 */
export async function disclosuresIn(
  path: string,
  wanted: readonly SealedCell[],
  signal: AbortSignal | undefined,
): Promise<Disclosures> {
  const sealed = new Map(wanted.map((cell) => [placeOf(cell.seq, cell.path), cell.sealed]));
  const found = new Map<string, string>();
  const onLine = ({ bytes }: FileLine): void => {
    if (bytes === null || kindOf(bytes) !== 'disclosure') return;
    const line = readDisclosure(bytes);
    if (typeof line === 'string') return;
    const place = placeOf(line.seq, line.path);
    if (sealed.get(place) !== sealDigest(line.value)) return;
    const shown = showDisclosed(line.value[1]);
    if (shown !== null) found.set(place, shown);
  };
  if (sealed.size > 0) {
    const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const { size } = await handle.stat();
      await readLines({ handle, size, maxLine: MAX_LINE, onLine, onPiece: () => undefined, signal });
    } finally {
      await handle.close();
    }
  }
  return (seq, path) => found.get(placeOf(seq, path)) ?? null;
}

function placeOf(seq: number, path: string): string {
  return `${seq} ${path}`;
}
