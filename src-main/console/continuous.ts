import { hash } from 'node:crypto';
import { CausewayError } from '#shared/errors.ts';
import type { Coverage } from '#shared/ipc/verification-views.ts';
import type { Actor } from '#shared/model/audit-record.ts';
import type { Problem } from '#shared/model/verdict.ts';
import type { ContinuousVerification, Pace } from '../audit/continuous/continuous.ts';
import { newsKey, type Summary } from '../audit/continuous/coverage.ts';
import type { AuditStore } from '../audit/store.ts';
import type { Events } from './events.ts';
import { throttle } from './events.ts';

/** The window is told of coverage at most this often, milliseconds. */
const TELL_EVERY = 500;
/** Between two alerts, milliseconds: what is found in between is told of together. */
const ALERT_EVERY = 60_000;
/** When it cannot begin, as with a locked keychain, it is tried again after this long, milliseconds. */
const TRY_EVERY = 30_000;
const ACTOR: Actor = { type: 'system', id: 'console' };

export interface ContinuousOptions {
  readonly store: Pick<AuditStore, 'chain' | 'head' | 'verifyContinuously' | 'writeIncident'>;
  readonly audit: Pick<AuditStore, 'append'>;
  readonly events: Events;
  /** What is known of the chain changed. */
  readonly found: (summary: Summary, problems: number) => void;
  readonly onError: (error: unknown) => void;
  readonly pace?: Pace | undefined;
  readonly alertEvery?: number;
}

type Damage = ReturnType<ContinuousVerification['damage']>;

export interface Continuous {
  coverage(): Coverage;
  /** Something was written. */
  request(): void;
  /** A person's verification found something: everything is looked at again. */
  recheck(): void;
  /** What does not hold in the records as far as they were checked; breaks of the history are not among it. */
  damage(): Damage;
  /** Counting found these records not to hold (0: none of them alone); resolves when they were verified. */
  heed(seqs: readonly number[]): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Keeps the own chain verified for as long as the console is open, and tells of what it finds: a signed bundle, a record,
 * an alert. Appending goes on; the records that do not hold stay named.
 */
export function watchChain(options: ContinuousOptions): Continuous {
  const { store, events, found, onError } = options;
  const stopped = new AbortController();
  let verification: ContinuousVerification | null = null;
  let retry: NodeJS.Timeout | undefined;
  const alarm = createAlarm(options, () => verification);

  const coverage = (): Coverage => verification?.coverage() ?? nothingChecked(store.head().seq);
  const told = throttle(TELL_EVERY, () => {
    events.emit({ type: 'coverage', coverage: coverage() });
    if (verification !== null) found(verification.summary(), verification.coverage().problemCount);
  });

  async function begin(): Promise<void> {
    try {
      const watch = { pace: options.pace, onChange: told.request, onNews: alarm.ring, onError };
      const begun = await store.verifyContinuously(watch);
      if (stopped.signal.aborted) await begun.stop();
      else verification = begun;
      alarm.ring();
      told.request(); // what was known when the console was closed counts, also where nothing is new
    } catch (error) {
      if (stopped.signal.aborted) return;
      onError(error);
      retry = setTimeout(() => void begin(), TRY_EVERY).unref();
    }
  }

  const beginning = begin();
  let stopping: Promise<void> | undefined;
  return {
    coverage,
    request: () => verification?.request(),
    recheck: () => verification?.recheck(),
    damage: () => verification?.damage() ?? { problems: [], count: 0 },
    heed: async (seqs) => {
      await beginning;
      await verification?.heed(seqs);
    },
    stop: () => {
      stopping ??= (async () => {
        stopped.abort(new CausewayError('cancelled', 'The console is closing.'));
        clearTimeout(retry);
        told.stop();
        alarm.stop();
        await beginning;
        await verification?.stop();
      })();
      return stopping;
    },
  };
}

function nothingChecked(records: number): Coverage {
  const ranges: Coverage['ranges'] =
    records === 0 ? [] : [{ first: 1, last: records, state: 'unchecked', checkedAt: null }];
  return { records, valid: 0, invalid: 0, ranges, oldest: null, running: false, problems: [], problemCount: 0 };
}

interface Alarm {
  /** There is something nobody was told of. */
  readonly ring: () => void;
  readonly stop: () => void;
}

/** Tells of what was found, each thing once, what comes in quick succession together. */
function createAlarm(
  { store, audit, events, onError, alertEvery = ALERT_EVERY }: ContinuousOptions,
  current: () => ContinuousVerification | null,
): Alarm {
  let ringing = false;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  /** Of what was shown and is not on record yet. */
  const shown = new Set<string>();

  async function tell(verification: ContinuousVerification, news: readonly Problem[]): Promise<void> {
    const { problems, problemCount, records } = verification.coverage();
    // without room for the bundle the alert is all the more needed
    const bundle = await store.writeIncident({ problems: [...problems], problemCount }).catch((error: unknown) => {
      onError(error);
      return null;
    });
    const seq = news.reduce<number | null>(
      (least, one) => (one.seq === undefined ? least : Math.min(least ?? one.seq, one.seq)),
      null,
    );
    // what cannot be put on record, as while writing is stopped, is tried again, and is not shown again and again
    if (news.some((problem) => !shown.has(newsKey(problem)))) {
      events.emit({ type: 'alert', text: wordAlert(news, problemCount), seq, bundle: bundle?.file ?? null });
    }
    for (const problem of news) shown.add(newsKey(problem));
    await audit.append({
      action: 'tenant.audit_verified',
      outcome: 'failure',
      actor: ACTOR,
      target: { type: 'chain', id: store.chain },
      data: {
        subject: 'store',
        fileDigest: null,
        range: { first: 1, last: records },
        verdict: 'invalid',
        problems: problemCount,
        elapsedMs: 0,
      },
    });
    verification.markTold(news);
    for (const problem of news) shown.delete(newsKey(problem)); // should it be news once more, it is shown once more
  }

  const ring = () => {
    const verification = current();
    const news = verification?.news() ?? [];
    if (verification === null || news.length === 0 || ringing || stopped) return;
    ringing = true;
    void tell(verification, news)
      .catch(onError)
      .finally(() => {
        if (stopped) return;
        timer = setTimeout(() => {
          ringing = false;
          ring();
        }, alertEvery).unref();
      });
  };
  return {
    ring,
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

/** The first problem in words; never longer than a line. */
function wordAlert(news: readonly Problem[], count: number): string {
  const [first] = news;
  const where = first?.seq === undefined ? 'The audit trail' : `Record ${first.seq} of the audit trail`;
  const more = count > 1 ? ` ${count} problems in all.` : '';
  return `${where} does not hold: ${first?.message ?? 'it was changed'}.`.slice(0, 400) + more;
}

/** That a person's desktop showed the alert. The person stands in it as a digest of their id, as with every delivery. */
export async function recordAlertShown(audit: Pick<AuditStore, 'append'>, chain: string, user: string): Promise<void> {
  await audit.append({
    action: 'notification.alert_sent',
    outcome: 'success',
    actor: ACTOR,
    target: { type: 'chain', id: chain },
    data: {
      channel: 'desktop',
      recipientDigest: hash('sha256', user, 'hex'),
      subject: 'audit-trail-broken',
      severity: 'critical',
    },
  });
}
