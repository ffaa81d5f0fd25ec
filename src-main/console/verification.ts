import { CausewayError } from '#shared/errors.ts';
import type { ChainStatus, VerifyResult } from '#shared/ipc/views.ts';
import { AUDIT_DATA } from '#shared/model/audit-data.ts';
import type { Actor } from '#shared/model/audit-record.ts';
import type { Verdict } from '#shared/model/verdict.ts';
import type { Summary } from '../audit/continuous/coverage.ts';
import type { AuditStore } from '../audit/store.ts';
import { unlessRecordDamaged } from '../audit/stored-record.ts';
import { verifyAndDigest } from '../audit/verify-file.ts';
import type { Clock } from '../platform/clock.ts';
import { nowAndThen } from '../platform/now-and-then.ts';
import type { Events } from './events.ts';

export interface Verification {
  /** `by` stands in the record of the verdict. */
  verifyStore(by: Actor): Promise<VerifyResult>;
  verifyFile(file: string, by: Actor): Promise<Verdict>;
  cancel(): void;
  /**
   * Takes over what continuous verification knows of the own chain. Not put on record: a chain that records each of its
   * own checks would never be checked to its end. What it finds anew is recorded where it is told of.
   */
  note(summary: Summary, problems: number): void;
  /** What the last verification of the own chain found; null when there has been none. */
  last(): ChainStatus['verified'];
}

export interface VerificationOptions {
  readonly store: AuditStore;
  readonly audit: Pick<AuditStore, 'append'>;
  readonly events: Events;
  readonly clock: Clock;
  /** A person's verification of the own chain found something. */
  readonly broken?: () => void;
}

/** Verifies the own chain or any file, one at a time, and puts each verdict on record. */
export function createVerification(options: VerificationOptions): Verification {
  const { store, audit, events, clock, broken } = options;
  let running: AbortController | undefined;
  let last = lastOnRecord(store);

  async function alone<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (running !== undefined) {
      throw new CausewayError('conflict', 'A verification is running. Wait for it or cancel it.', {
        reason: 'verifying',
      });
    }
    running = new AbortController();
    try {
      return await work(running.signal);
    } finally {
      running = undefined;
    }
  }

  const teller = () => nowAndThen((done, total) => events.emit({ type: 'verifying', done, total }));

  async function record(
    actor: Actor,
    subject: 'store' | 'file',
    verdict: Verdict,
    fileDigest: string | null,
  ): Promise<string> {
    const stored = await audit.append({
      action: 'tenant.audit_verified',
      outcome: verdict.verdict === 'valid' ? 'success' : 'failure',
      actor,
      target: { type: subject === 'store' ? 'chain' : 'file', id: verdict.chain ?? 'unknown' },
      data: {
        subject,
        fileDigest,
        range: { first: Math.max(1, verdict.first ?? 1), last: Math.max(0, verdict.last ?? 0) },
        verdict: verdict.verdict,
        problems: verdict.problemCount,
        elapsedMs: verdict.elapsedMs,
      },
    });
    return stored.record.time;
  }

  /**
   * While the history is contradicted nothing is written, and reading what is there is all the more needed: the verdict is
   * then given without a record.
   */
  async function recordUnlessBlocked(...about: Parameters<typeof record>): Promise<string> {
    try {
      return await record(...about);
    } catch (error) {
      if (store.standing().state !== 'blocked') throw error;
      return new Date(clock.now()).toISOString();
    }
  }

  const summary = (verdict: Verdict, at: string) => ({
    to: verdict.last ?? 0,
    at,
    verdict: verdict.verdict,
    problems: verdict.problemCount,
  });

  return {
    last: () => withBreaks(last, store),
    note: (summary, problems) => {
      last = joinKnown(last, summary, problems, clock.now());
    },
    cancel: () => running?.abort(new CausewayError('cancelled', 'The verification was cancelled.')),
    verifyStore: (by) =>
      alone(async (signal) => {
        let verdict: Verdict;
        try {
          verdict = await store.verify({ signal, onProgress: teller() });
        } catch (error) {
          if (error instanceof CausewayError && error.code === 'cancelled') return { cancelled: true as const };
          throw error;
        }
        const at = await recordUnlessBlocked(by, 'store', verdict, null);
        last = summary(verdict, at);
        if (verdict.verdict !== 'valid') broken?.();
        return { cancelled: false as const, verdict };
      }),
    verifyFile: (file, by) =>
      alone(async (signal) => {
        const { verdict, digest } = await verifyAndDigest(file, { signal, onProgress: teller() });
        await recordUnlessBlocked(by, 'file', verdict, digest);
        return verdict;
      }),
  };
}

/** A history that was broken is not called valid again, also where everything that is there holds. */
function withBreaks(last: ChainStatus['verified'], store: Pick<AuditStore, 'standing'>): ChainStatus['verified'] {
  const { breaks } = store.standing();
  if (last?.verdict !== 'valid' || breaks.length === 0) return last;
  return { ...last, verdict: 'invalid', problems: breaks.length };
}

/**
 * What is known of the own chain from the last verification a person asked for and from continuous verification. A
 * problem counts at once; that there is none only when every record was read, and after a verification that found one
 * only when every record was read since then.
 */
function joinKnown(
  last: ChainStatus['verified'],
  { to, complete, failures, oldest }: Summary,
  problems: number,
  now: number,
): ChainStatus['verified'] {
  if (failures > 0) {
    if (last?.verdict === 'invalid' && last.problems === problems && last.to === to) return last;
    return { to, at: new Date(now).toISOString(), verdict: 'invalid', problems };
  }
  if (!complete || oldest === null) return last;
  const before = last === null ? 0 : Date.parse(last.at);
  if (last !== null && last.verdict !== 'valid' && oldest < before) return last;
  const at = last?.verdict === 'valid' ? Math.max(before, oldest) : oldest;
  return { to, at: new Date(at).toISOString(), verdict: 'valid', problems: 0 };
}

function lastOnRecord(store: AuditStore): ChainStatus['verified'] {
  const { rows } = store.page({ action: 'tenant.audit_verified', limit: 50 });
  for (const { seq, time } of rows) {
    const data = AUDIT_DATA['tenant.audit_verified'].safeParse(unlessRecordDamaged(() => store.get(seq))?.record.data);
    if (data.success && data.data.subject === 'store') {
      const { range, verdict, problems } = data.data;
      return { to: range.last, at: time, verdict, problems };
    }
  }
  return null;
}
