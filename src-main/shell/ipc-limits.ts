import type { Clock } from '#main/platform/clock.ts';

/** The most one call may carry, over all its values. An alarm file of 1 MiB fits with everything around it. */
export const MAX_INPUT_BYTES = 2 * 1024 * 1024;
const NODE_COST = 8;

/**
 * Whether a value from the page is plain data of at most `limit` bytes: UTF-8 for strings and keys, eight for everything else.
 * Structured clone lets through maps, dates, typed arrays and cycles; none is part of the contract. Iterative, and every
 * node costs something, so that neither depth nor a cycle can harm.
 */
export function isSmallPlainData(value: unknown, limit: number = MAX_INPUT_BYTES): boolean {
  let bytes = 0;
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    bytes += NODE_COST;
    if (typeof next === 'string') bytes += Buffer.byteLength(next);
    else if (typeof next === 'object' && next !== null) {
      if (!isPlain(next)) return false;
      for (const [key, member] of Object.entries(next)) {
        bytes += Array.isArray(next) ? 0 : Buffer.byteLength(key);
        waiting.push(member);
        if (bytes + waiting.length * NODE_COST > limit) return false;
      }
    } else if (!['number', 'boolean', 'undefined', 'object'].includes(typeof next)) return false;
    if (bytes > limit) return false;
  }
  return true;
}

function isPlain(value: object): boolean {
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/** Takes one token; false when none is left. */
export type TokenBucket = () => boolean;

/**
 * A page that asks faster than any person works is broken or hostile: 200 calls at once, 100 a second after that.
 * A clock that goes backwards gives nothing.
 */
export function createTokenBucket(clock: Clock, capacity = 200, perSecond = 100): TokenBucket {
  let tokens = capacity;
  let last = clock.now();
  return () => {
    const now = clock.now();
    tokens = Math.min(capacity, tokens + (Math.max(0, now - last) * perSecond) / 1000);
    last = now;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
