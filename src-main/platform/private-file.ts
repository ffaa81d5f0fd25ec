import { chmodSync, closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Read and written by its owner only. Windows has no such bits: there the folder's access list decides. */
const OWNER_ONLY = 0o600;

/**
 * Makes sure that a file is there and that nobody but its owner may open it, before a library writes into it that would
 * create it under the process's umask. SQLite gives the files it lays beside a database (-wal, -shm, -journal) the
 * database's mode. A file that is there is not opened: closing it again would drop the locks this process holds on it
 * (fcntl, POSIX.1-2017). Throws what the file system throws.
 */
export function makePrivateFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    closeSync(openSync(path, 'ax', OWNER_ONLY));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    if ((statSync(path).mode & 0o077) !== 0) chmodSync(path, OWNER_ONLY);
  }
}
