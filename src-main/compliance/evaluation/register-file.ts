import { readSmallFile, writeFileAtomically } from '#main/platform/atomic-file.ts';
import type { Cipher } from '#main/platform/cipher.ts';
import { systemRandom } from '#main/platform/random.ts';

/** Longest file read: what a test keeps grows with what is open, and that is little. */
const MOST_BYTES = 64 * 1024 * 1024;

/** What was counted, encrypted at rest: it says who did what when, as the records do. */
export interface RegisterFile {
  /** null when there is none. @throws Error of the file system, CausewayError `audit-broken` when it was changed */
  read(): Promise<string | null>;
  write(text: string): Promise<void>;
}

/** The file of one chain; another chain's cannot be opened in its place. */
export function registerFile(file: string, chain: string, cipher: Cipher): RegisterFile {
  const place = `register/${chain}`;
  return {
    read: async () => {
      let sealed: Buffer;
      try {
        sealed = await readSmallFile(file, MOST_BYTES);
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
        throw error;
      }
      return Buffer.from(cipher.open(sealed, place)).toString('utf8');
    },
    write: (text) => writeFileAtomically(file, cipher.seal(Buffer.from(text, 'utf8'), place), systemRandom),
  };
}
