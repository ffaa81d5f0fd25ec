import type { Frequency } from '#shared/model/control.ts';
import type { ChainEntry, EvidenceSink, FoldState } from './evidence-test.ts';
import { ExceptionBook, type KeptException } from './exception-book.ts';
import type { CadenceChange } from './periods.ts';
import type { CountedControl } from './rules.ts';
import type { TakenBack, TimeOrder } from './time-order.ts';

/** A change of the cadence, and the record that says so. */
export interface CadenceRecord extends CadenceChange {
  readonly seq: number;
}

interface Occurred {
  readonly seq: number;
  readonly time: number;
}

/** What is known of a control after some records; only what JSON can say, so that counting can go on there. */
export interface RunState {
  readonly fold: FoldState;
  readonly cadence: readonly CadenceRecord[];
  readonly inForceSince: number | null;
  readonly total: number;
  /** The newest occurrence by the time it counts as of. */
  readonly last: Occurred | null;
  /** Those that were the newest before records that may yet be taken back, the oldest first. */
  readonly earlier: readonly Occurred[];
  readonly exceptions: readonly KeptException[];
}

export interface RunSurroundings {
  /** Time of an earlier record, milliseconds; null when it is none that was counted. */
  readonly timeOf: (seq: number) => number | null;
  /** Of the record that is being taken. */
  readonly order: Pick<TimeOrder, 'latest' | 'isBack' | 'unsure'>;
  /** Whether an exception about a record of that time is of no more use when it was put right at another. */
  readonly forgets?: (time: number, fixed: number) => boolean;
  readonly mostExceptions?: number;
  /** `counted`: as of when it counts, milliseconds; null for a record whose clock was put back, which meets no period. */
  readonly onOccurrence: (entry: ChainEntry, counted: number | null) => void;
}

/** What people do about an organizational control that shows it is in force: from then on it can be missed. */
const PUTS_IN_FORCE: ReadonlySet<unknown> = new Set(['owner', 'performed', 'cadence']);

/** One control's test over the records of a chain, one after the other. */
export class ControlRun {
  readonly control: CountedControl;
  readonly exceptions: ExceptionBook;
  readonly #surroundings: RunSurroundings;
  readonly #fold: FoldState;
  #cadence: CadenceRecord[];
  readonly #sink: EvidenceSink;
  #inForceSince: number | null;
  #total: number;
  #last: Occurred | null;
  #earlier: Occurred[];
  #entry: ChainEntry | null = null;
  #counted = false;

  constructor(control: CountedControl, surroundings: RunSurroundings, from: RunState | null = null) {
    this.control = control;
    this.#surroundings = surroundings;
    this.#fold = from?.fold ?? control.test.begin();
    this.#cadence = [...(from?.cadence ?? [])];
    this.#inForceSince = from?.inForceSince ?? null;
    this.#total = from?.total ?? 0;
    this.#last = from?.last ?? null;
    this.#earlier = [...(from?.earlier ?? [])];
    this.exceptions = new ExceptionBook(surroundings.mostExceptions, from?.exceptions);
    this.#sink = {
      occurrence: (on) => this.#occur(on),
      deviation: (kind, text, about) => this.#deviate(this.exceptions, kind, text, about ?? this.#now().seq),
      fixed: (kind, about) => this.#fix(kind, about),
      cadence: (frequency) => this.#follow(frequency),
    };
  }

  get cadence(): readonly CadenceRecord[] {
    return this.#cadence;
  }

  get inForceSince(): number | null {
    return this.#inForceSince;
  }

  get total(): number {
    return this.#total;
  }

  get last(): RunState['last'] {
    return this.#last;
  }

  /** A record of the test's actions. @throws what the test throws: the record is none it can read */
  take(entry: ChainEntry): void {
    this.#entry = entry;
    this.#counted = false;
    this.control.test.take(this.#fold, entry, this.#sink);
  }

  /** Nothing in records of a clock that ran ahead counts: not as the newest, and not for later than was known. */
  takeBack({ from, before }: TakenBack): void {
    if (this.#last !== null && this.#last.seq >= from) {
      this.#earlier = this.#earlier.filter(({ seq }) => seq < from);
      this.#last = this.#earlier.pop() ?? null;
    }
    this.#cadence = this.#cadence.map((one) => (one.time > before ? { ...one, time: before } : one));
    if (this.#inForceSince !== null) this.#inForceSince = Math.min(this.#inForceSince, before);
  }

  /** The chain's first record: a technical control is in force as long as there has been a console. */
  begins(time: number): void {
    if (this.control.kind === 'technical') this.#inForceSince ??= time;
  }

  /** A record about the register: an organizational control is in force when somebody takes it up. */
  takeUp({ record }: ChainEntry): void {
    if (this.control.kind !== 'organizational' || this.#inForceSince !== null || record.outcome !== 'success') return;
    const { framework, control, change } = record.data as {
      framework: unknown;
      control: unknown;
      change?: { kind: unknown };
    };
    if (framework !== 'causeway' || control !== this.control.id) return;
    if (PUTS_IN_FORCE.has(change?.kind)) this.#inForceSince = this.#surroundings.order.latest;
  }

  /**
   * The exceptions, with those that are still open for want of something when the chain ends at `at`. These belong to the
   * end, and are not kept. @throws what the test throws
   */
  settled(at: number): KeptException[] {
    const { settle } = this.control.test;
    if (settle === undefined) return this.exceptions.kept();
    const book = new ExceptionBook(this.#surroundings.mostExceptions, this.exceptions.kept());
    settle(this.#fold, at, { deviation: (kind, text, about) => this.#deviate(book, kind, text, about) });
    return book.kept();
  }

  state(): RunState {
    return {
      fold: this.#fold,
      cadence: this.#cadence,
      inForceSince: this.#inForceSince,
      total: this.#total,
      last: this.#last,
      earlier: this.#earlier,
      exceptions: this.exceptions.kept(),
    };
  }

  #now(): ChainEntry {
    if (this.#entry === null) throw new Error('a test speaks of a record before it was shown one');
    return this.#entry;
  }

  #occur(on?: number): void {
    if (this.#counted) return;
    this.#counted = true;
    const { seq, time } = this.#now();
    this.#total++;
    const counted = this.#surroundings.order.isBack ? null : Math.min(on ?? time, time);
    if (counted !== null && counted >= (this.#last?.time ?? counted)) this.#isLast({ seq, time: counted });
    this.#surroundings.onOccurrence(this.#now(), counted);
  }

  #isLast(occurred: Occurred): void {
    const { unsure } = this.#surroundings.order;
    if (this.#last !== null && unsure !== null) this.#earlier.push(this.#last);
    else this.#earlier = [];
    // what is sure needs one that stays, and none before it
    const sure = this.#earlier.findLastIndex(({ seq }) => unsure !== null && seq < unsure);
    if (sure > 0) this.#earlier.splice(0, sure);
    this.#last = occurred;
  }

  #fix(kind: string, about: number): void {
    const { seq, time } = this.#now();
    const fixed = this.exceptions.fix(kind, about, seq);
    if (fixed !== null && this.#surroundings.forgets?.(fixed.time, time)) this.exceptions.forget(kind, about);
  }

  /** A change counts from the latest time on record: a clock that was put back changes nothing that is over. */
  #follow(frequency: Frequency): void {
    if ((frequency === 'event') !== (this.control.frequency === 'event')) return;
    this.#cadence.push({ seq: this.#now().seq, time: this.#surroundings.order.latest, frequency });
  }

  #deviate(book: ExceptionBook, kind: string, text: string, about: number): void {
    const time = about === this.#entry?.seq ? this.#entry.time : this.#surroundings.timeOf(about);
    if (time === null) throw new RangeError(`an exception about record ${about}, which is none that was counted`);
    book.add(kind, text, about, time);
  }
}
