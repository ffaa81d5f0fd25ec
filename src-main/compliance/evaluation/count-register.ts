import { openRecordReader, type RecordReader } from '#main/audit/reading/record-reader.ts';
import { RegisterCounter, SavedRegister } from './register-counter.ts';
import type { CounterTask, FromCounter } from './register-messages.ts';
import type { EvaluationRules } from './rules.ts';

/** Records counted before what there is so far is told, and the database's old state let go. */
const STEP = 50_000;
const PACE = 256;
const TELL_EVERY_MS = 100;

export interface RegisterCounting {
  /** Counts what there is since. @throws CausewayError `audit-broken`, `audit-unavailable` when it cannot be read */
  catchUp(save: boolean): void;
}

/** Counts a store's records for the register, from where it was left if that still fits, on whatever thread this is. */
export function countRegister(
  rules: EvaluationRules,
  { address, saved }: CounterTask,
  tell: (message: FromCounter) => void,
): RegisterCounting {
  let reader: RecordReader | null = null;
  const bytesOf = (seq: number): Uint8Array | null => {
    for (const { bytes } of reader?.read(seq, seq) ?? []) return bytes;
    return null;
  };
  const parts = { rules, chain: address.chain, tenant: address.tenant, bytesOf };
  let counter = new RegisterCounter(parts, readSaved(saved, rules, address.chain));
  let isTold = false;

  function step(save: boolean): boolean {
    const open = openRecordReader(address);
    reader = open;
    try {
      if (!fits(open, counter)) counter = new RegisterCounter(parts);
      if (!isTold && counter.seq > 0) {
        tell({ type: 'counted', snapshot: counter.snapshot(), saved: null, more: counter.seq < open.last });
      }
      const from = counter.seq;
      const to = Math.min(open.last, from + STEP);
      const progress = pace(open.last, tell);
      for (const { seq, bytes } of open.read(from + 1, to)) {
        counter.take(seq, bytes);
        progress(seq);
      }
      const more = to < open.last;
      if (counter.seq > from || (save && counter.seq > 0)) {
        const kept = save || counter.seq - from >= STEP ? JSON.stringify(counter.save()) : null;
        tell({ type: 'counted', snapshot: counter.snapshot(), saved: kept, more });
      }
      isTold = true;
      return more && counter.seq > from;
    } finally {
      reader = null;
      open.close();
    }
  }

  return {
    catchUp: (save) => {
      while (step(save));
      tell({ type: 'caught-up', seq: counter.seq });
    },
  };
}

/** What was counted before, unless it is of another chain or other rules, or cannot be read: then it is counted again. */
function readSaved(saved: string | null, rules: EvaluationRules, chain: string): SavedRegister | null {
  if (saved === null) return null;
  let value: unknown;
  try {
    value = JSON.parse(saved);
  } catch {
    return null;
  }
  const parsed = SavedRegister.safeParse(value);
  return parsed.success && parsed.data.chain === chain && parsed.data.rules === rules.digest ? parsed.data : null;
}

/** Whether the record counted last is still what it was: a database that was put back may have less, or other ones. */
function fits(reader: RecordReader, { seq, hash }: RegisterCounter): boolean {
  if (seq === 0) return true;
  for (const found of reader.read(seq, seq)) return found.hash === hash;
  return false;
}

function pace(total: number, tell: (message: FromCounter) => void): (seq: number) => void {
  let count = 0;
  let told = performance.now();
  return (seq) => {
    count++;
    if (count % PACE !== 0 || performance.now() - told < TELL_EVERY_MS) return;
    told = performance.now();
    tell({ type: 'progress', done: seq, total });
  };
}
