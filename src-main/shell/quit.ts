import type { App } from 'electron';
import type { Workspace } from '#main/console.ts';
import type { Log } from '#main/platform/log.ts';

/** Longest a quit waits for the console: revoking leases asks a cloud that may not answer. */
const QUIT_LIMIT_MS = 10_000;

/**
 * A clean end: what is pending is denied on record, leases are revoked, the last checkpoint is written, and only then
 * does the process go. `unfinished` is work started elsewhere that must be done first, such as denials after a lost window.
 * Returns whether the end has begun.
 */
export function closeOnQuit(
  app: Pick<App, 'on' | 'exit'>,
  console: Pick<Workspace, 'denyPending' | 'close'>,
  unfinished: () => readonly Promise<void>[],
  log: Log,
): () => boolean {
  let closing = false;
  const close = async () => {
    await Promise.allSettled(unfinished());
    const [denied] = await Promise.allSettled([console.denyPending('shutdown')]);
    await console.close(); // leases are revoked whatever became of the denials
    if (denied.status === 'rejected') throw denied.reason;
  };
  app.on('before-quit', (event) => {
    event.preventDefault();
    if (closing) return;
    closing = true;
    const limit = new Promise<never>((_resolve, reject) => {
      setTimeout(() => reject(new Error('closing took too long')), QUIT_LIMIT_MS).unref();
    });
    Promise.race([close(), limit]).then(
      () => app.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'not closed cleanly');
        app.exit(1);
      },
    );
  });
  return () => closing;
}
