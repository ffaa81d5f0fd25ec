import { lstatSync } from 'node:fs';
import { fileIdentity } from '#main/platform/file-identity.ts';
import { CausewayError } from '#shared/errors.ts';
import { broken } from './broken.ts';

/**
 * Remembers which files an open database is: itself and the log beside it. An open file is still written after its name
 * was given to another, or to none, and everything written then is gone with the last program that has it open.
 * @returns throws CausewayError `audit-broken` (`file-replaced`) when a name stands for another file than now
 */
export function sameFileCheck(path: string): () => void {
  // the log is made when the database is opened, and stays until the last connection is closed
  const files = [path, `${path}-wal`].map((name) => ({ name, identity: fileIdentity(name) }));
  return () => {
    for (const { name, identity } of files) {
      if (identity === null || fileIdentity(name) === identity) continue;
      const what = 'its file was moved, replaced or deleted while it was open, and nothing written now would last';
      throw broken('file-replaced', what);
    }
  };
}

/**
 * A database that is a link leads to a file of somebody else's choice, whose mode would be changed, and which may be
 * exchanged without touching the folder.
 * @throws CausewayError `audit-broken` (`file-linked`)
 */
export function refuseLink(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return;
  const text = `${path} is a link. Put the database itself in its place, or open the folder it is in.`;
  throw new CausewayError('audit-broken', text, { reason: 'file-linked' });
}
