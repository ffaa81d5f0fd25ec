import { hash } from 'node:crypto';
import { writeFileAtomically } from '#main/platform/atomic-file.ts';
import { notWritten } from '#main/platform/not-written.ts';
import type { Random } from '#main/platform/random.ts';
import { CausewayError } from '#shared/errors.ts';

export interface SavedFile {
  readonly file: string;
  readonly bytes: number;
  readonly digest: string;
}

/**
 * Writes a file where a person chose. Under its name there is always the old one or the new one, whole. `beforeNamed`
 * runs when everything is durable and before the file has its name; when it rejects, nothing is left of the file.
 * @throws CausewayError `disk-full`, `read-only`, or what `beforeNamed` threw
 */
export async function saveFile(
  file: string,
  bytes: Uint8Array,
  random: Random,
  beforeNamed?: () => Promise<void>,
): Promise<SavedFile> {
  try {
    await writeFileAtomically(file, bytes, random, beforeNamed);
  } catch (cause) {
    if (cause instanceof CausewayError) throw cause;
    // says nothing of the trail: what is on record by now differs from one caller to the next
    throw notWritten(`The file ${file} cannot be written. Choose another place and save it again.`, cause);
  }
  return { file, bytes: bytes.length, digest: hash('sha256', bytes, 'hex') };
}
