import { hash } from 'node:crypto';
import { writeFileAtomically } from '#main/platform/atomic-file.ts';
import type { Random } from '#main/platform/random.ts';
import { CausewayError } from '#shared/errors.ts';
import type { SavedFile } from './compliance-desk.ts';

/** Under its name there is always the old file or the new one, whole. @throws CausewayError `disk-full`, `read-only` */
export async function saveFile(file: string, bytes: Uint8Array, random: Random): Promise<SavedFile> {
  try {
    await writeFileAtomically(file, bytes, random);
  } catch (cause) {
    const full = cause instanceof Error && 'code' in cause && cause.code === 'ENOSPC';
    const text = `The file ${file} cannot be written. Nothing is on record; choose another place and save it again.`;
    throw new CausewayError(full ? 'disk-full' : 'read-only', text, { cause });
  }
  return { file, bytes: bytes.length, digest: hash('sha256', bytes, 'hex') };
}
