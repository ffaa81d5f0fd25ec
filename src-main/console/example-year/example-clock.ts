import type { Clock } from '#main/platform/clock.ts';

/** The time of a history that is being made up: it stands where it was set, and records have times of their own. */
export interface ExampleClock extends Clock {
  set(at: number): void;
  /** The time of a record that is about to be appended. */
  comingUp(at: number): void;
  /** Asked once for each record, in the order of the appends. */
  readonly forRecords: Clock;
}

export function createExampleClock(start: number): ExampleClock {
  let now = start;
  let coming: number[] = [];
  let taken = 0;
  return {
    now: () => now,
    set: (at) => {
      now = Math.max(now, at); // a history's time does not go back
    },
    comingUp: (at) => {
      coming.push(at);
    },
    forRecords: {
      now: () => {
        const at = coming[taken];
        if (at === undefined) return now; // a room's own record
        taken += 1;
        if (taken === coming.length) {
          coming = [];
          taken = 0;
        }
        return at;
      },
    },
  };
}
