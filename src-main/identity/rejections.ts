import { hash } from 'node:crypto';
import type { AppendInput } from '#main/audit/append-input.ts';
import type { Clock } from '#main/platform/clock.ts';
import type { Device } from '#shared/model/audit-record.ts';
import type { Recorder } from './recorder.ts';

const HOUR = 3_600_000;
/** Whoever makes up tokens by the thousand must not make the trail grow by the thousand. */
const MOST_AN_HOUR = 100;
const MOST_KNOWN = 1000;

/** Puts refused tokens and keys on record: each once, and so many an hour. Never throws: refused they are in any case. */
export interface Rejections {
  note<A extends 'auth.token_rejected' | 'auth.sign_in_failed'>(
    credential: string,
    input: AppendInput<A>,
  ): Promise<void>;
}

export interface RejectionsOptions {
  readonly recorder: Recorder;
  readonly clock: Clock;
  readonly device: Device;
  readonly onWarning: (error: unknown, what: string) => void;
}

export function createRejections({ recorder, clock, device, onWarning }: RejectionsOptions): Rejections {
  const known = new Set<string>();
  let hour = { from: 0, count: 0 };
  const isWithinRate = async (): Promise<boolean> => {
    const now = clock.now();
    if (now < hour.from || now - hour.from >= HOUR) hour = { from: now, count: 0 };
    hour.count += 1;
    if (hour.count === MOST_AN_HOUR + 1) {
      await recorder.after({
        action: 'auth.rate_limited',
        outcome: 'denied',
        actor: { type: 'system', id: 'causeway' },
        target: { type: 'limit', id: 'refused-credentials' },
        device,
        data: { limit: 'refused-credentials', scope: 'workspace', retryAfterMs: hour.from + HOUR - now },
      });
    }
    return hour.count <= MOST_AN_HOUR;
  };
  return {
    note: async (credential, input) => {
      const digest = hash('sha256', `${input.action} ${JSON.stringify(input.data)} ${credential}`, 'hex');
      if (known.has(digest)) return;
      const [oldest] = known;
      if (known.size >= MOST_KNOWN && oldest !== undefined) known.delete(oldest);
      known.add(digest);
      try {
        if (await isWithinRate()) await recorder.after(input);
      } catch (error) {
        onWarning(error, 'a refused token or key could not be recorded');
      }
    },
  };
}
