import { closeSync, fsyncSync, openSync } from 'node:fs';

/** Has what was written to a file reach the disk. */
export function writeOut(file: string): void {
  const descriptor = openSync(file, 'r+');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
