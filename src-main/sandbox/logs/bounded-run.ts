import { createContext, Script } from 'node:vm';

const SCRIPT = new Script('job()');

/**
 * Runs synchronous work for at most `ms`; false when it was stopped. Queries carry regular expressions of the caller's:
 * the engine's watchdog is what ends one that would match for hours.
 */
export function runBounded(job: () => void, ms: number): boolean {
  try {
    SCRIPT.runInContext(createContext({ job }), { timeout: Math.max(1, Math.ceil(ms)) });
    return true;
  } catch (error) {
    // The watchdog's error is made in the other context, where it is no instance of this one's Error.
    if (typeof error === 'object' && error !== null && Reflect.get(error, 'code') === 'ERR_SCRIPT_EXECUTION_TIMEOUT') {
      return false;
    }
    throw error;
  }
}
