import type { SampleProfile } from '#shared/model/control.ts';
import type { ReportException } from '#shared/model/report.ts';
import { ControlRun } from './control-run.ts';
import { drawPlaces } from './draw-sample.ts';
import type { ControlEvaluation, EvaluatedCadence } from './evaluation.ts';
import type { ChainEntry } from './evidence-test.ts';
import { type KeptException, toException } from './exception-book.ts';
import { Instants, SeqList, TimeList } from './growing-list.ts';
import { HashTree } from './hash-tree.ts';
import {
  countPeriods,
  dueAfter,
  frequencyAt,
  isLooser,
  iso,
  missedPeriods,
  periodEnd,
  periodsOf,
  type Span,
} from './periods.ts';
import type { CountedControl, EvaluationRules } from './rules.ts';
import { writeRanges } from './seq-ranges.ts';
import type { TakenBack, TimeOrder } from './time-order.ts';

/** Room for what is said of an exception besides its own text. */
const LONGEST_TEXT = 1900;

/** Seqs with a tree over the hashes of their records (RFC 6962; a leaf's input is the 32 bytes of the hash). */
export class Population {
  readonly seqs = new SeqList();
  readonly #tree = new HashTree();

  add(seq: number, leaf: string): void {
    this.seqs.push(seq);
    this.#tree.append(leaf);
  }

  describe(): { readonly count: number; readonly root: string | null; readonly seqs: string | null } {
    const { length: count } = this.seqs;
    const root = this.#tree.root()?.toString('hex') ?? null;
    return { count, root, seqs: writeRanges(this.seqs.items(), count) };
  }
}

export interface TallyParts {
  readonly window: Span;
  readonly timeOf: (seq: number) => number | null;
  readonly order: Pick<TimeOrder, 'latest' | 'isBack' | 'unsure'>;
  /** The leaf of the record that is being taken. */
  readonly leaf: () => string;
  /** Whether the record that is being taken is by one of the actors asked for. */
  readonly chosen: () => boolean;
}

export interface TallyEnd {
  readonly rules: Pick<EvaluationRules, 'judgeStatus'>;
  readonly entryOf: (control: string) => Parameters<EvaluationRules['judgeStatus']>[0]['entry'];
  /** The latest time of any record. */
  readonly at: number;
  readonly sample: { readonly seed: string; readonly profile: SampleProfile } | null;
  /** Whether a record is by one of the actors asked for. */
  readonly isChosen: (seq: number) => boolean;
  readonly onProblem: (error: unknown) => void;
}

/** What one control did in a window. */
export class ControlTally {
  readonly run: ControlRun;
  readonly #window: Span;
  readonly #timeOf: TallyParts['timeOf'];
  readonly #population = new Population();
  /** All occurrences from the window on by when they count, also those a filter leaves out: a cadence was kept whoever kept it. */
  readonly #seqs = new SeqList();
  readonly #times = new TimeList();

  constructor(control: CountedControl, { window, timeOf, order, leaf, chosen }: TallyParts) {
    const { from, to } = window;
    this.#window = window;
    this.#timeOf = timeOf;
    const onOccurrence = ({ seq, time }: ChainEntry, counted: number | null) => {
      if (counted !== null && counted >= from) {
        this.#seqs.push(seq);
        this.#times.push(counted);
      }
      if (time >= from && time < to && chosen()) this.#population.add(seq, leaf());
    };
    const forgets = (time: number, fixed: number) => time >= to || (time < from && fixed < from);
    this.run = new ControlRun(control, { timeOf, order, forgets, onOccurrence });
  }

  /** Records of a clock that ran ahead meet no period; they stay in the population by the time they say. */
  takeBack(back: TakenBack): void {
    const many = this.#seqs.countFrom(back.from);
    this.#seqs.drop(many);
    this.#times.drop(many);
    this.run.takeBack(back);
  }

  end({ rules, entryOf, at, sample, isChosen, onProblem }: TallyEnd): ControlEvaluation {
    const { control, cadence, inForceSince, last: newest } = this.run;
    const { id } = control;
    const instants = new Instants(this.#times.items(), this.#seqs.items());
    const facts = {
      frequency: control.frequency,
      cadence,
      inForceSince,
      lastTime: at,
      count: (from: number, to: number) => instants.count(from, to),
    };
    const frequency = frequencyAt(facts, this.#window.to);
    const periods = periodsOf(facts, this.#window);
    const kept = this.#settled(at, onProblem);
    const found = kept.flatMap((one) => this.#list(one));
    const exceptions = [...found, ...missedPeriods(id, periods, (instant) => instants.firstFrom(instant))];
    const population = this.#population.describe();
    const last = newest === null ? null : { seq: newest.seq, time: iso(newest.time) };
    const within = kept.filter(({ time }) => this.#isWithin(time)).length;
    const eachTime = { expected: population.count + within, actual: population.count };
    const judged = rules.judgeStatus({
      control: id,
      entry: entryOf(id),
      frequency: frequencyAt(facts, at),
      last,
      due: newest === null ? null : dueAfter(facts, newest.time),
      open: kept.filter(({ fixedBy }) => fixedBy === null).map((one) => toException(id, one)),
      at,
    });
    return {
      control: id,
      frequency,
      status: judged.status,
      reasons: judged.reasons,
      population,
      periods,
      ...(periods.length === 0 ? eachTime : countPeriods(periods)),
      last,
      cadenceChanges: this.#cadenceChanges(),
      sample: sample === null ? [] : this.#draw(sample.seed, sample.profile.sizes[frequency]),
      exceptions,
      hidden: found.filter(({ seq }) => seq !== null && !isChosen(seq)).length,
    };
  }

  #isWithin(time: number): boolean {
    return time >= this.#window.from && time < this.#window.to;
  }

  /** As the report lists it; nothing when it was neither of the window nor open in it or since. */
  #list(kept: KeptException): ReportException[] {
    const { id } = this.run.control;
    const { time, fixedBy, text } = kept;
    if (this.#isWithin(time)) return [toException(id, kept)];
    const isBefore = time < this.#window.from;
    const fixed = fixedBy === null ? Number.POSITIVE_INFINITY : (this.#timeOf(fixedBy) ?? 0);
    if (fixedBy !== null && (!isBefore || fixed < this.#window.from)) return [];
    const from = isBefore ? 'Carried over from before the window.' : 'After the window, and open.';
    return [toException(id, { ...kept, text: `${text.slice(0, LONGEST_TEXT).toWellFormed()} (${from})` })];
  }

  #cadenceChanges(): EvaluatedCadence[] {
    const { control, cadence } = this.run;
    const first = periodEnd(this.#window.from, 'annual', -1);
    return cadence.flatMap(({ seq, time, frequency: next }, index) => {
      if (time < first || time >= this.#window.to) return [];
      const before = cadence[index - 1]?.frequency ?? control.frequency;
      return [{ seq, time: iso(time), before, next, loosened: isLooser(next, before) }];
    });
  }

  #settled(at: number, onProblem: (error: unknown) => void): KeptException[] {
    try {
      return this.run.settled(at);
    } catch (error) {
      onProblem(error);
      return this.run.exceptions.kept();
    }
  }

  #draw(seed: string, size: number): number[] {
    const { seqs } = this.#population;
    return drawPlaces(seed, this.run.control.id, seqs.length, size).map((place) => seqs.at(place) ?? 0);
  }
}
