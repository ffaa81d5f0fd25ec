import { join } from 'node:path';
import { type RunningWorker, startWorker } from '#main/platform/workers.ts';
import type { TextIndex } from '../trail-text.ts';
import { SearchIndex } from './search-index.ts';

export interface SearchKeeper {
  /** The index as far as it is built; null while there is none that can be read. Asking starts building it. */
  index(): TextIndex | null;
  /** Records were written: the index follows a moment later. */
  grow(): void;
  /** Throws the index away and builds it again: for whoever doubts that it finds everything. */
  rebuild(): Promise<void>;
  /** How far it goes; null before anything is known of it. */
  last(): number | null;
  close(): Promise<void>;
}

export interface SearchKeeperOptions {
  /** The tenant's folder: `audit.db` is read, `search.db` kept. */
  readonly folder: string;
  readonly chain: string;
  /** Told of what could not be done; searching goes on without the index. */
  readonly onError: (error: unknown) => void;
}

/** Milliseconds between two requests to follow. */
const GROW_EVERY = 1000;
/** An index that has failed so often is left alone until somebody asks for it again: the disk has another trouble. */
const MOST_FAILURES = 3;

/** Keeps the search index of a store in a worker, from the first time it is asked for. */
export function keepSearchIndex({ folder, chain, onError }: SearchKeeperOptions): SearchKeeper {
  const path = join(folder, 'search.db');
  let worker: RunningWorker | null = null;
  let reader: SearchIndex | null = null;
  let last: number | null = null;
  let failures = 0;
  let closed = false;
  let renewing = 0;
  let timer: NodeJS.Timeout | undefined;
  let turn: Promise<void> = Promise.resolve();

  function dropReader(): void {
    try {
      reader?.close();
    } catch (error) {
      onError(error); // a connection to a damaged file
    }
    reader = null;
  }

  function start(fresh: boolean): void {
    if (closed || renewing > 0 || worker !== null || failures >= MOST_FAILURES) return;
    const data = { audit: join(folder, 'audit.db'), index: path, chain, fresh };
    const started = startWorker('audit/search/search-worker', data, {
      onMessage: (message) => {
        if (worker !== started) return;
        last = lastOf(message);
      },
    });
    worker = started;
    started.ended.catch((error: unknown) => {
      if (worker !== started) return;
      worker = null;
      onError(error);
      failures++;
      dropReader();
      last = null;
      start(true);
    });
  }

  /** One after the other: the file is never thrown away under a worker that still writes it. */
  function renew(): Promise<void> {
    const before = worker;
    worker = null;
    dropReader();
    last = null;
    renewing++;
    turn = turn.then(async () => {
      await before?.stop();
      renewing--;
      start(true);
    });
    return turn;
  }

  function onFailure(error: unknown): void {
    if (closed || reader === null) return;
    onError(error);
    failures++;
    void renew();
  }

  return {
    index: () => {
      if (closed) return null;
      start(false);
      if (last === null) return null;
      try {
        reader ??= new SearchIndex(path, onFailure);
      } catch (error) {
        onError(error);
        failures++;
        void renew();
      }
      return reader;
    },
    grow: () => {
      if (worker === null || closed) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        worker?.send('grow');
      }, GROW_EVERY).unref();
    },
    rebuild: () => {
      failures = 0;
      return renew();
    },
    last: () => last,
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await turn;
      dropReader();
      await worker?.stop();
      worker = null;
    },
  };
}

function lastOf(message: unknown): number {
  if (message !== null && typeof message === 'object' && 'last' in message && typeof message.last === 'number') {
    return message.last;
  }
  throw new TypeError('the search worker says something unknown');
}
