import type { z } from 'zod';
import { CausewayError } from '#shared/errors.ts';
import type { ServiceMap } from '#shared/model/service-map.ts';
import type { LeaseClients } from '../../credentials/lease.ts';
import type { Claim } from '../analysis/model.ts';

/** A stored answer: `value` is the answer as stored (JSON), so that what is analysed is what can be replayed. */
export interface KeptAnswer {
  readonly digest: string;
  readonly value: unknown;
}

/** The telemetry looked at, epoch milliseconds. */
export interface TelemetryWindow {
  readonly from: number;
  readonly to: number;
  /** Logs are read from here: the last hours before the incident. */
  readonly logsFrom: number;
}

/** What an agent works with: the clients of its own lease and nothing else of the cloud. */
export interface AgentTools {
  /** Every call through them is checked against the lease, guarded and recorded. */
  readonly clients: LeaseClients;
  readonly map: ServiceMap;
  readonly account: string;
  readonly region: string;
  readonly window: TelemetryWindow;
  readonly signal: AbortSignal;
  /** Stores an answer as evidence. `operation` is written "cloudwatch:GetMetricData". */
  keep(operation: string, answer: object): KeptAnswer;
  /** One sentence on what it is doing, made of names and numbers. */
  say(activity: string): void;
  /** Waits on the wall clock; rejects when the investigation is cancelled. */
  wait(ms: number): Promise<void>;
}

export interface AgentFinding {
  readonly service: string | null;
  readonly claim: Claim;
}

/** What an agent brings back. `gaps` are things that could not be established, in words. */
export interface AgentReport<T> {
  readonly output: T;
  readonly findings: readonly AgentFinding[];
  readonly gaps: readonly string[];
  readonly summary: string;
}

/** Parses a cloud answer. It comes over a network and holds text others wrote: a wrong shape is refused, never guessed at. */
export function parseAnswer<T>(schema: z.ZodType<T>, operation: string, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.map(String).join('.') ?? '';
  throw new CausewayError(
    'cloud-refused',
    `The answer to ${operation} has an unexpected form at ${where || 'its root'}.`,
    {
      reason: 'unexpected-answer',
      cause: parsed.error,
    },
  );
}

/**
 * Does `work` for each item, a few at a time, in a fixed order of results. A failure of one item is kept as such; an
 * abort, or an error that would meet every other item too, ends all.
 */
export async function forEachBounded<I, O>(
  items: readonly I[],
  atOnce: number,
  signal: AbortSignal,
  work: (item: I) => Promise<O>,
): Promise<readonly ({ readonly ok: true; readonly value: O } | { readonly ok: false; readonly error: unknown })[]> {
  const results: ({ readonly ok: true; readonly value: O } | { readonly ok: false; readonly error: unknown })[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < items.length; index = next++) {
      signal.throwIfAborted();
      const item = items[index] as I;
      try {
        results[index] = { ok: true, value: await work(item) };
      } catch (error) {
        signal.throwIfAborted();
        if (endsAll(error)) throw error;
        results[index] = { ok: false, error };
      }
    }
  };
  const settled = await Promise.allSettled(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  const broken = settled.find((one) => one.status === 'rejected');
  if (broken !== undefined) throw broken.reason;
  return results;
}

/** When records cannot be written or the lease is gone, going on would be unrecorded or pointless. */
function endsAll(error: unknown): boolean {
  if (!(error instanceof CausewayError)) return false;
  switch (error.code) {
    case 'audit-unavailable':
    case 'audit-broken':
    case 'disk-full':
    case 'read-only':
    case 'lease-unusable':
    case 'cancelled':
    case 'internal':
      return true;
    default:
      return false;
  }
}
