import { createRequire } from 'node:module';
import type * as Cedar from '@cedar-policy/cedar-wasm/nodejs';
import { CausewayError } from '#shared/errors.ts';

/**
 * An instance of Cedar with memory of its own. A call that breaks off in the middle (a text nested so deeply that its
 * stack overflows) leaves that memory unusable for every call after it; the instance is then given up for a new one.
 */
export interface CedarModule {
  /** Counts the instances there were: what was parsed ahead in an earlier one is gone. */
  readonly generation: number;
  /** @throws CausewayError `internal` with reason `policy-engine` when the call broke off */
  call<Answer>(use: (cedar: typeof Cedar) => Answer): Answer;
}

// not called `require`: the bundle has one of that name already
const requireHere = createRequire(import.meta.url);

export function createCedar(load: () => typeof Cedar = loadInstance): CedarModule {
  let instance: typeof Cedar | null = null;
  let generation = 0;
  return {
    get generation() {
      return generation;
    },
    call: (use) => {
      try {
        instance ??= load();
        return use(instance);
      } catch (cause) {
        instance = null;
        generation += 1;
        throw new CausewayError('internal', 'The policy engine failed and was started anew. Nothing was done.', {
          reason: 'policy-engine',
          cause,
        });
      }
    },
  };
}

/** Node keeps one instance for everybody who loads the package; each of ours is loaded as if for the first time. */
function loadInstance(): typeof Cedar {
  const path = requireHere.resolve('@cedar-policy/cedar-wasm/nodejs');
  delete requireHere.cache[path];
  return requireHere(path);
}

/** Decides. Only texts that were checked come here. */
export const DECIDING = createCedar();
/** Reads and tries texts that people wrote: what they do to its memory reaches no decision. */
export const TRYING = createCedar();
