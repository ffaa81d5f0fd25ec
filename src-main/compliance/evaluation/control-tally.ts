import type { SampleProfile } from '#shared/model/control.ts';
import type { ReportException } from '#shared/model/report.ts';
import { ControlRun } from './control-run.ts';
import { drawPlaces } from './draw-sample.ts';
import type { ControlEvaluation } from './evaluation.ts';
import type { ChainEntry } from './evidence-test.ts';
import { toException } from './exception-book.ts';
import { Instants, SeqList, TimeList } from './growing-list.ts';
import { HashTree } from './hash-tree.ts';
import { countPeriods, frequencyAt, iso, missedPeriods, periodsOf, type Span } from './periods.ts';
import type { CountedControl, EvaluationRules } from './rules.ts';
import { writeRanges } from './seq-ranges.ts';

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
  /** The leaf of the record that is being taken. */
  readonly leaf: () => string;
  /** Whether the record that is being taken is by one of the actors asked for. */
  readonly chosen: () => boolean;
}

export interface TallyEnd {
  readonly rules: Pick<EvaluationRules, 'judgeStatus'>;
  readonly entryOf: (control: string) => Parameters<EvaluationRules['judgeStatus']>[0]['entry'];
  /** Time of the newest record. */
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
  readonly #population = new Population();
  /** All occurrences in the window, also those a filter leaves out: a cadence was kept whoever kept it. */
  readonly #seqs = new SeqList();
  readonly #times = new TimeList();

  constructor(control: CountedControl, parts: TallyParts) {
    const { from, to } = parts.window;
    this.#window = parts.window;
    const isWithin = (time: number) => time >= from && time < to;
    const onOccurrence = ({ seq, time }: ChainEntry) => {
      if (time >= from) {
        this.#seqs.push(seq);
        this.#times.push(time);
      }
      if (isWithin(time) && parts.chosen()) this.#population.add(seq, parts.leaf());
    };
    this.run = new ControlRun(control, { timeOf: parts.timeOf, keeps: isWithin, onOccurrence });
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
    const found = this.#settled(at, onProblem);
    const exceptions = [...found, ...missedPeriods(id, periods, (instant) => instants.firstFrom(instant))];
    const population = this.#population.describe();
    const last = newest === null ? null : { seq: newest.seq, time: iso(newest.time) };
    const open = exceptions.filter(({ state }) => state === 'open');
    const judged = rules.judgeStatus({ control: id, entry: entryOf(id), frequency, last, open, at });
    const eachTime = { expected: population.count + exceptions.length, actual: population.count };
    return {
      control: id,
      frequency,
      status: judged.status,
      reasons: judged.reasons,
      population,
      periods,
      ...(periods.length === 0 ? eachTime : countPeriods(periods)),
      last,
      sample: sample === null ? [] : this.#draw(sample.seed, sample.profile.sizes[frequency]),
      exceptions,
      hidden: found.filter(({ seq }) => seq !== null && !isChosen(seq)).length,
    };
  }

  #settled(at: number, onProblem: (error: unknown) => void): ReportException[] {
    try {
      return this.run.settled(at).map((kept) => toException(this.run.control.id, kept));
    } catch (error) {
      onProblem(error);
      return this.run.exceptions.kept().map((kept) => toException(this.run.control.id, kept));
    }
  }

  #draw(seed: string, size: number): number[] {
    const { seqs } = this.#population;
    return drawPlaces(seed, this.run.control.id, seqs.length, size).map((place) => seqs.at(place) ?? 0);
  }
}
