import { CausewayError } from '#shared/errors.ts';
import type { Verdict } from '#shared/model/verdict.ts';
import type { AuditStore } from '../audit/store.ts';

/** Records a chain may have to be checked unasked: at some 0.2 ms each, well under a second of work in small pieces. */
const MOST_RECORDS = 3000;
/** How long nothing must have been written before it is checked, milliseconds. */
const QUIET = 800;

export interface QuietCheckOptions {
  readonly store: Pick<AuditStore, 'head' | 'verify'>;
  /** The newest record a verdict is already known of. */
  readonly checkedTo: () => number;
  readonly found: (verdict: Verdict) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

export interface QuietCheck {
  /** Something was written: look again when it has become quiet. */
  request(): void;
  stop(): void;
}

/**
 * Verifies a small chain by itself, a moment after it has changed and when nothing else is being written, so that the
 * window can say how the chain stands. A longer chain is verified when asked: all of it would take too long each time.
 */
export function createQuietCheck({ store, checkedTo, found, onError }: QuietCheckOptions): QuietCheck {
  const stopped = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let running = false;

  async function check(): Promise<void> {
    const { seq } = store.head();
    if (running || stopped.signal.aborted || seq > MOST_RECORDS || seq <= checkedTo()) return;
    running = true;
    try {
      await found(await store.verify({ signal: stopped.signal }));
    } catch (error) {
      if (!(error instanceof CausewayError && error.code === 'cancelled')) onError(error);
    } finally {
      running = false;
    }
  }

  return {
    request: () => {
      clearTimeout(timer);
      timer = setTimeout(() => void check(), QUIET).unref();
    },
    stop: () => {
      clearTimeout(timer);
      stopped.abort(new CausewayError('cancelled', 'The console is closing.'));
    },
  };
}
