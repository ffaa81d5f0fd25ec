import { CausewayError } from '#shared/errors.ts';
import { finding } from './finding.ts';
import type { HeadKeeper } from './head-keeper.ts';
import type { History } from './history.ts';

/**
 * A history that was cut, replaced or written to while it was open is broken for good, and not only until the next start:
 * the keychain is told how far it was known, and what is found now is reported and blocks.
 * @returns the error, to be thrown
 */
export async function reportChange<E extends Error>(
  { history, headKeeper }: { readonly history: History; readonly headKeeper: HeadKeeper },
  error: E,
): Promise<E> {
  if (!(error instanceof CausewayError) || error.code !== 'audit-broken') return error;
  if (error.reason === 'file-replaced') await headKeeper.flush(); // the file that stands there now is found to be shorter
  if (error.reason !== 'changed-underneath' && error.reason !== 'foreign-record') return error;
  await headKeeper.flush();
  await history.examineAgain(finding('records-altered', error.message));
  return error;
}
