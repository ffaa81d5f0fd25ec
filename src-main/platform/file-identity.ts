import { lstatSync } from 'node:fs';

/**
 * Which file a name stands for: device and number, by which a file system tells files apart. Null when there is none, or
 * no ordinary one: who opens a name that is a link has no say in what it opens.
 */
export function fileIdentity(path: string): string | null {
  const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  return stats?.isFile() === true ? `${stats.dev}:${stats.ino}` : null;
}
