import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Cipher } from '../platform/cipher.ts';
import type { Clock } from '../platform/clock.ts';
import { canonicalDigest } from '../platform/digest.ts';
import type { DecisionKeeper } from './guard.ts';
import type { PolicyStore, StoredDecision } from './policy-store.ts';
import type { PolicyRequest } from './request.ts';

const DAY = 24 * 60 * 60_000;
/** What a dry run looks at. */
export const DRY_RUN_MS = 30 * DAY;
const KEPT_MS = DRY_RUN_MS + DAY;
const MOST_DECISIONS = 200_000;

/** Written together: each write waits for the disk. */
const WRITE_AFTER_MS = 1000;
const WRITE_AT = 200;
const PRUNE_EVERY = 1000;

const Kept = z.strictObject({
  principal: z.strictObject({
    type: z.enum(['Agent', 'User', 'System', 'ApiKey']),
    id: z.string(),
    human: z.string().optional(),
  }),
  action: z.string(),
  resource: z.strictObject({ type: z.string(), id: z.string() }),
  context: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])),
});

/** The decided requests of the last month, encrypted: they name people and cloud resources. */
export interface DecisionLog {
  readonly keep: DecisionKeeper;
  /** Writes what waits. Never throws; a failure is told as a warning. */
  flush(): void;
  /** The request of a kept decision; null when it was changed or is of another key. */
  open(stored: StoredDecision): PolicyRequest | null;
  /** Writes what waits, and stops. */
  close(): void;
}

export function createDecisionLog(
  store: PolicyStore,
  cipher: Cipher,
  clock: Clock,
  onWarning: (error: unknown, what: string) => void,
): DecisionLog {
  let waiting: Omit<StoredDecision, 'id'>[] = [];
  let timer: NodeJS.Timeout | undefined;
  let unpruned = PRUNE_EVERY; // at the first write

  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    const decisions = waiting;
    waiting = [];
    if (decisions.length === 0) return;
    try {
      store.putDecisions(decisions);
      unpruned += decisions.length;
      if (unpruned < PRUNE_EVERY) return;
      unpruned = 0;
      store.pruneDecisions(clock.now() - KEPT_MS, MOST_DECISIONS);
    } catch (error) {
      onWarning(error, 'Decisions could not be kept for the trial of changed policies');
    }
  };

  return {
    keep: (request, { decision, policyVersion: version, requestDigest }) => {
      try {
        const place = `policies/decision/${randomUUID()}`;
        const { principal, action, resource, context } = request;
        const bytes = canonicalDigest({ principal, action, resource, context }).bytes;
        const sealed = Buffer.from(cipher.seal(bytes, place));
        waiting.push({ time: clock.now(), decision, version, requestDigest, place, request: sealed });
        if (waiting.length >= WRITE_AT) flush();
        else timer ??= setTimeout(flush, WRITE_AFTER_MS).unref();
      } catch (error) {
        onWarning(error, 'A decision could not be kept for the trial of changed policies');
      }
    },
    flush,
    open: ({ request, place, requestDigest }) => {
      try {
        const bytes = cipher.open(request, place);
        const { principal, ...rest } = Kept.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
        if (canonicalDigest({ principal, ...rest }).digest !== requestDigest) return null;
        const { human, ...named } = principal;
        return { ...rest, principal: human === undefined ? named : { ...named, human } };
      } catch {
        return null; // told as a decision that cannot be tried
      }
    },
    close: flush,
  };
}
