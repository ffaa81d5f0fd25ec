import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { CausewayError } from '#shared/errors.ts';
import { isFull, notWritten } from './not-written.ts';

const DeviceFile = z.strictObject({ id: z.string().regex(/^d-[0-9a-f]{12}$/) });

/**
 * This device's lasting random id, made at first use and kept in the workspace folder, with the host name for people.
 * Throws `read-only` when it has to be made and cannot be kept, `bad-input` when the file is damaged.
 */
export function deviceIdentity(folder: string): { readonly id: string; readonly name: string } {
  const file = path.join(folder, 'device.json');
  return { id: readDevice(file) ?? createDevice(folder, file), name: hostname() };
}

function readDevice(file: string): string | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return null;
    throw new CausewayError('read-only', `The file ${file} cannot be read. Check its permissions and start again.`, {
      cause: error,
    });
  }
  try {
    return DeviceFile.parse(JSON.parse(text)).id;
  } catch (error) {
    throw new CausewayError('bad-input', `The file ${file} is damaged. Delete it: this device then gets a new id.`, {
      cause: error,
    });
  }
}

function createDevice(folder: string, file: string): string {
  const id = `d-${randomUUID().replaceAll('-', '').slice(0, 12)}`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(file, `${JSON.stringify({ id })}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    throw notWritten(
      isFull(error)
        ? `There is no space left for the workspace in ${folder}. Free some space and start again; nothing was written.`
        : `The workspace folder ${folder} cannot be written. Choose another folder or change its permissions; nothing was changed.`,
      error,
    );
  }
  return id;
}
