import { join } from 'node:path';
import { CausewayError } from '#shared/errors.ts';
import { openLockFile } from './sqlite.ts';

export interface WorkspaceLock {
  release(): void;
}

/**
 * Takes a workspace folder for this process, before any database in it is opened. The lock is the operating system's:
 * it ends with the process, however that ends, and leaves nothing to clean up.
 * @throws CausewayError `already-running` at once when somebody holds it, `read-only` when the folder cannot be written
 */
export function acquireWorkspaceLock(folder: string): WorkspaceLock {
  try {
    const db = openLockFile(join(folder, 'workspace.lock'), 'the workspace');
    return { release: () => db.close() };
  } catch (error) {
    if (error instanceof CausewayError && error.code === 'already-running') {
      const text = 'Causeway is already running with this workspace. Use the window that is open, or close it first.';
      throw new CausewayError('already-running', text, { cause: error, reason: 'workspace-locked' });
    }
    throw error;
  }
}
