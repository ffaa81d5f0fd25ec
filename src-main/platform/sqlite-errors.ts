import { CausewayError } from '#shared/errors.ts';

/** The text code of an error thrown by SQLite or the file system ("SQLITE_FULL", "EACCES"), or null. */
function codeOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return null;
  return error.code;
}

/**
 * What a failure of the database means to a person. `what` names the database in a sentence ("the audit store").
 * A CausewayError passes through.
 */
export function explainSqliteError(error: unknown, what: string): CausewayError {
  if (error instanceof CausewayError) return error;
  const code = codeOf(error) ?? '';
  const options = { cause: error, reason: code.toLowerCase().replaceAll('_', '-') || 'unknown' };
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT') {
    return new CausewayError(
      'disk-full',
      `There is no space left for ${what}. Free some space and try again.`,
      options,
    );
  }
  if (code.startsWith('SQLITE_READONLY') || code === 'EROFS' || code === 'EACCES' || code === 'EPERM') {
    const text = `The folder of ${what} cannot be written. Check its permissions, or choose another folder.`;
    return new CausewayError('read-only', text, options);
  }
  if (code.startsWith('SQLITE_CANTOPEN') || code === 'ENOTDIR' || code === 'EEXIST' || code === 'ENOENT') {
    const text = `The files of ${what} cannot be opened. Check that the folder exists and is a folder you may write to.`;
    return new CausewayError('read-only', text, options);
  }
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') {
    const text = `The file of ${what} is damaged or is not a database. Keep it for examination. Put back an undamaged copy that is as new, or choose another folder.`;
    return new CausewayError('audit-broken', text, options);
  }
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    const text = `Another program holds ${what}. Close it and try again.`;
    return new CausewayError('already-running', text, options);
  }
  if (code.startsWith('SQLITE_IOERR') || code === 'EIO') {
    const text = `The disk failed while reading or writing ${what}. Check the disk before going on.`;
    return new CausewayError('audit-unavailable', text, options);
  }
  return new CausewayError('audit-unavailable', `${capitalize(what)} cannot be used.`, options);
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
