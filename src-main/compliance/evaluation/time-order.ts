import { z } from 'zod';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** How far a clock may go back between two records without a word. Milliseconds. */
export const CLOCK_TOLERANCE_MS = 5 * MINUTE;
/** From a longer silence on it is thought possible that the clock ran ahead. */
const JUMP_MS = DAY;
/** How soon after the record before the jump a return has to be; */
const RETURN_MS = 7 * DAY;
/** no workspace in use is silent for that long: from a longer jump a return may be anywhere before it. */
const FAR_MS = 366 * DAY;
/** So many records under one clock are believed, whatever follows. */
const MOST_AHEAD = 1000;
const MOST_LISTED = 100;

/** Records whose time cannot be right: earlier than that of one before them, or far ahead of all that follow. */
export interface TimeProblems {
  readonly count: number;
  /** The first hundred that were found. */
  readonly seqs: readonly number[];
}

const Instant = z.number();
/** Where the judging of times goes on: what JSON can say. */
export const SavedOrder = z.strictObject({
  latest: Instant,
  count: z.int().min(0),
  /** Jumps that may still turn out to be a clock that ran ahead, in order; `seqs`: records since, up to the next of them. */
  jumps: z.array(z.strictObject({ before: Instant, first: Instant, seqs: z.array(z.int()) })),
  /** Records in a row that came back behind the jump at `from`. */
  returning: z.strictObject({ from: z.int(), votes: z.int() }).nullable(),
});
export type SavedOrder = z.infer<typeof SavedOrder>;

type Jump = { before: number; first: number; seqs: number[] };

/** Records from `from` on turned out to be of a clock that ran ahead: none of them counts. `before`: the latest time before. */
export interface TakenBack {
  readonly from: number;
  readonly before: number;
}

/**
 * The order of the records' times. A record says its own time, and a clock that was put back would put it into a period
 * that is over: such a record is counted, and meets nothing. Nor does one whose clock ran ahead, as soon as as many records
 * in a row have come back as there were under that clock: else a single one would make a set-back clock of all that follow.
 * Whoever writes a record ahead of its time gains nothing by it: it moves no period, and it is told.
 */
export class TimeOrder {
  readonly #seqs: number[] = [];
  #latest: number;
  #count: number;
  #isBack = false;
  readonly #jumps: Jump[];
  /** Records of all jumps. */
  #unsure: number;
  #returning: SavedOrder['returning'];

  /** What an earlier reading ended with. */
  constructor(saved?: SavedOrder) {
    this.#latest = saved?.latest ?? Number.NEGATIVE_INFINITY;
    this.#count = saved?.count ?? 0;
    this.#jumps = (saved?.jumps ?? []).map(({ before, first, seqs }) => ({ before, first, seqs: [...seqs] }));
    this.#unsure = this.#jumps.reduce((sum, { seqs }) => sum + seqs.length, 0);
    this.#returning = saved?.returning ?? null;
  }

  /** What has to be taken back before this record is counted; mostly nothing. */
  take(seq: number, time: number): TakenBack | null {
    this.#isBack = time < this.#latest - CLOCK_TOLERANCE_MS;
    if (!this.#isBack) {
      this.#goOn(seq, time);
      return null;
    }
    const jump = this.#returnsTo(time);
    const ahead = jump === undefined ? Number.POSITIVE_INFINITY : this.#recordsSince(jump);
    if (jump === undefined || (this.#returning?.votes ?? 0) < ahead) {
      this.#tell(seq);
      return null;
    }
    return this.#takeBack(jump, seq, time);
  }

  /** The latest time any record had so far that was not taken back, milliseconds. */
  get latest(): number {
    return this.#latest;
  }

  /** Whether the record taken last was put back. */
  get isBack(): boolean {
    return this.#isBack;
  }

  /** The first record that may yet be taken back; null when none may. */
  get unsure(): number | null {
    return this.#jumps[0]?.seqs[0] ?? null;
  }

  /** The latest time that stays, whatever follows. */
  get sure(): number {
    return this.#jumps[0]?.before ?? this.#latest;
  }

  problems(): TimeProblems {
    return { count: this.#count, seqs: [...this.#seqs] };
  }

  save(): SavedOrder {
    const jumps = this.#jumps.map(({ before, first, seqs }) => ({ before, first, seqs: [...seqs] }));
    return { latest: this.#latest, count: this.#count, jumps, returning: this.#returning };
  }

  #goOn(seq: number, time: number): void {
    this.#returning = null;
    if (time > this.#latest + JUMP_MS && Number.isFinite(this.#latest)) {
      this.#jumps.push({ before: this.#latest, first: time, seqs: [] });
    }
    if (time > this.#latest) this.#latest = time;
    const newest = this.#jumps.at(-1);
    if (newest === undefined) return;
    newest.seqs.push(seq);
    if (++this.#unsure > MOST_AHEAD) this.#unsure -= this.#jumps.shift()?.seqs.length ?? 0;
  }

  /** The jump behind which a record comes back, when it is the next in a row of such; counts it. */
  #returnsTo(time: number): Jump | undefined {
    const jump = this.#jumps.findLast(({ before }) => time >= before - CLOCK_TOLERANCE_MS);
    const from = jump?.seqs[0];
    const goesOn = from !== undefined && this.#returning?.from === from;
    if (jump === undefined || from === undefined || time >= jump.first || !(goesOn || isReturn(jump, time))) {
      this.#returning = null;
      return undefined;
    }
    this.#returning = { from, votes: goesOn ? (this.#returning?.votes ?? 0) + 1 : 1 };
    return jump;
  }

  #recordsSince(jump: Jump): number {
    let records = 0;
    for (let place = this.#jumps.length - 1; place >= 0; place--) {
      const one = this.#jumps[place];
      records += one?.seqs.length ?? 0;
      if (one === jump) break;
    }
    return records;
  }

  #takeBack(jump: Jump, seq: number, time: number): TakenBack {
    const ahead = this.#jumps.splice(this.#jumps.indexOf(jump)).flatMap(({ seqs }) => seqs);
    for (const one of ahead) this.#tell(one);
    this.#unsure -= ahead.length;
    this.#latest = jump.before;
    this.#isBack = false;
    this.#goOn(seq, time);
    return { from: ahead[0] ?? seq, before: jump.before };
  }

  #tell(seq: number): void {
    this.#count++;
    if (this.#seqs.length < MOST_LISTED) this.#seqs.push(seq);
  }
}

function isReturn({ before, first }: Jump, time: number): boolean {
  const nearer = time - before < first - time; // else it is the clock of the record that comes back which is out
  return nearer && (time <= before + RETURN_MS || first - before > FAR_MS);
}
