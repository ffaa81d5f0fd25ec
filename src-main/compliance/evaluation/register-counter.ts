import { hash } from 'node:crypto';
import { z } from 'zod';
import { CausewayError } from '#shared/errors.ts';
import { AuditAction } from '#shared/model/audit-actions.ts';
import { Digest } from '#shared/model/evidence.ts';
import type { RegisterState } from '../register/register-state.ts';
import { ControlRun, type RunState } from './control-run.ts';
import { DayCounts, OccurrenceDays } from './day-counts.ts';
import type { ChainEntry } from './evidence-test.ts';
import { toException } from './exception-book.ts';
import { iso } from './periods.ts';
import { asRecord, isEntry, type RecordMembers, readMembers } from './read-entry.ts';
import { instantOfRecord } from './record-instant.ts';
import type { ControlCounts, RegisterSnapshot } from './register-snapshot.ts';
import type { CountedControl, EvaluationRules } from './rules.ts';
import { SavedOrder, type TakenBack, TimeOrder } from './time-order.ts';

const NEWEST = 50;
const MOST_EXCEPTIONS = 2000;
const YEAR = 365;

const Count = z.int().min(0);
const Days = z.record(z.string(), Count);
/** Where counting goes on. What the tests keep is theirs: it was sealed by this program, under these rules. */
export const SavedRegister = z.strictObject({
  causeway: z.literal('register/1'),
  chain: z.string(),
  rules: z.string(),
  asOf: z.strictObject({ seq: z.int().min(1), time: z.number(), hash: Digest }),
  begins: z.number(),
  order: SavedOrder,
  unreadable: Count,
  state: z.custom<RegisterState>((value) => typeof value === 'object' && value !== null),
  controls: z.record(
    z.string(),
    z.strictObject({
      run: z.custom<RunState>((value) => typeof value === 'object' && value !== null),
      days: Days,
      unsure: z.array(z.strictObject({ seq: z.int(), counted: z.number() })),
      newest: z.array(
        z.strictObject({ seq: z.int(), time: z.string(), action: AuditAction, counted: z.string().optional() }),
      ),
    }),
  ),
  actions: z.partialRecord(AuditAction, z.strictObject({ all: Count, lastSeq: z.int(), days: Days })),
});
export type SavedRegister = z.infer<typeof SavedRegister>;

interface Tally {
  readonly run: ControlRun;
  readonly occurred: OccurrenceDays;
  newest: ControlCounts['newest'];
}

interface ActionTally {
  all: number;
  lastSeq: number;
  readonly days: DayCounts;
}

export interface CounterParts {
  readonly rules: EvaluationRules;
  readonly chain: string;
  readonly tenant: string;
  /** The bytes of an earlier record; null when there is none. */
  readonly bytesOf: (seq: number) => Uint8Array | null;
}

/** Counts what the register shows, record by record; can be put away and gone on with, to the same end. */
export class RegisterCounter {
  readonly #parts: CounterParts;
  readonly #tallies: readonly Tally[];
  readonly #wanted = new Map<string, ((entry: ChainEntry) => void)[]>();
  readonly #actions = new Map<AuditAction, ActionTally>();
  #state: RegisterState;
  #seq: number;
  #newest: { readonly seq: number; readonly time: number; readonly hash: string } | null;
  readonly #order: TimeOrder;
  #begins: number | null;
  #unreadable: number;

  constructor(parts: CounterParts, saved: SavedRegister | null = null) {
    this.#parts = parts;
    this.#state = saved?.state ?? parts.rules.beginRegister();
    this.#seq = saved?.asOf.seq ?? 0;
    this.#newest = saved?.asOf ?? null;
    this.#order = new TimeOrder(saved?.order);
    this.#begins = saved?.begins ?? null;
    this.#unreadable = saved?.unreadable ?? 0;
    this.#tallies = parts.rules.controls.map((control) => this.#tallyOf(control, saved));
    for (const [action, { all, lastSeq, days }] of Object.entries(saved?.actions ?? {})) {
      this.#actions.set(AuditAction.parse(action), { all, lastSeq, days: new DayCounts(days) });
    }
    this.#dispatch();
  }

  /** The newest record counted; 0 before the first. */
  get seq(): number {
    return this.#seq;
  }

  get hash(): string | null {
    return this.#newest?.hash ?? null;
  }

  take(seq: number, bytes: Uint8Array): void {
    const members = readMembers(bytes);
    const time = instantOfRecord(members?.time);
    this.#seq = seq;
    const recordHash = hash('sha256', bytes, 'hex');
    if (members === null || Number.isNaN(time) || !this.#isCountable(members)) {
      this.#unreadable++;
      this.#newest = { seq, time: this.#newest?.time ?? 0, hash: recordHash };
      return;
    }
    this.#newest = { seq, time, hash: recordHash };
    const back = this.#order.take(seq, time);
    if (back !== null) this.#takeBack(back);
    if (this.#begins === null) {
      this.#begins = time;
      for (const { run } of this.#tallies) run.begins(time);
    }
    const record = asRecord(members);
    const wanted = this.#wanted.get(record.action);
    if (wanted !== undefined) this.#give(wanted, { seq, hash: recordHash, time, record });
    this.#countAction(record.action, seq, time);
  }

  snapshot(): RegisterSnapshot {
    const { asOf, begins } = this.#counted();
    let unsettled = 0;
    const controls = this.#tallies.map(({ run, occurred, newest }): readonly [string, ControlCounts] => [
      run.control.id,
      {
        days: occurred.days.upTo(this.#order.latest),
        total: run.total,
        last: run.last === null ? null : { seq: run.last.seq, time: iso(run.last.time) },
        newest: [...newest],
        exceptions: this.#exceptionsOf(run, this.#order.latest, () => unsettled++),
        cadence: [...run.cadence],
        inForceSince: run.inForceSince,
      },
    ]);
    const actions = this.#sortedActions().map(([action, { all, lastSeq, days }]) => [
      action,
      { year: days.sum(this.#order.latest, YEAR), all, lastSeq },
    ]);
    return {
      asOf: { ...asOf, time: iso(asOf.time) },
      latest: iso(this.#order.latest),
      timeProblems: this.#order.problems().count,
      begins: iso(begins),
      state: this.#state,
      controls: Object.fromEntries(controls),
      actions: Object.fromEntries(actions),
      unreadable: this.#unreadable + unsettled,
    };
  }

  save(): SavedRegister {
    const { asOf, begins } = this.#counted();
    const { sure, unsure: first } = this.#order;
    const daysOf = (days: DayCounts) => {
      days.forget(sure);
      return days.all();
    };
    return {
      causeway: 'register/1',
      chain: this.#parts.chain,
      rules: this.#parts.rules.digest,
      asOf,
      begins,
      order: this.#order.save(),
      unreadable: this.#unreadable,
      state: this.#state,
      controls: Object.fromEntries(
        this.#tallies.map(({ run, occurred, newest }) => [
          run.control.id,
          { run: run.state(), days: daysOf(occurred.days), unsure: occurred.unsure(first), newest: [...newest] },
        ]),
      ),
      actions: Object.fromEntries(
        this.#sortedActions().map(([action, { all, lastSeq, days }]) => [action, { all, lastSeq, days: daysOf(days) }]),
      ),
    };
  }

  #counted(): { asOf: SavedRegister['asOf']; begins: number } {
    if (this.#newest !== null && this.#begins !== null) return { asOf: this.#newest, begins: this.#begins };
    throw new CausewayError('audit-broken', 'No record of the audit trail can be read. Verify it.', {
      reason: 'no-records',
    });
  }

  #tallyOf(control: CountedControl, saved: SavedRegister | null): Tally {
    const before = saved?.controls[control.id];
    const tally: Tally = {
      occurred: new OccurrenceDays(before?.days, before?.unsure),
      newest: before?.newest ?? [],
      run: new ControlRun(
        control,
        {
          timeOf: (seq) => this.#timeOf(seq),
          order: this.#order,
          mostExceptions: MOST_EXCEPTIONS,
          onOccurrence: ({ seq, time, record }, counted) => {
            if (counted !== null) tally.occurred.add({ seq, counted }, this.#order.unsure);
            const other = counted === null || counted === time ? {} : { counted: iso(counted) };
            const one = { seq, time: iso(time), action: record.action, ...other };
            tally.newest = [one, ...tally.newest].slice(0, NEWEST);
          },
        },
        before?.run,
      ),
    };
    return tally;
  }

  #takeBack(back: TakenBack): void {
    for (const tally of this.#tallies) {
      tally.occurred.takeBack(back.from);
      tally.newest = tally.newest.map((one) => (one.seq < back.from ? one : withoutCounted(one)));
      tally.run.takeBack(back);
    }
  }

  #timeOf(seq: number): number | null {
    const bytes = seq >= 1 && seq <= this.#seq ? this.#parts.bytesOf(seq) : null;
    const time = instantOfRecord(bytes === null ? null : readMembers(bytes)?.time);
    return Number.isNaN(time) ? null : time;
  }

  #isCountable(members: RecordMembers): boolean {
    return members.chain === this.#parts.chain && members.tenant === this.#parts.tenant && isEntry(members);
  }

  #countAction(action: AuditAction, seq: number, time: number): void {
    let tally = this.#actions.get(action);
    if (tally === undefined) {
      tally = { all: 0, lastSeq: 0, days: new DayCounts() };
      this.#actions.set(action, tally);
    }
    tally.all++;
    tally.lastSeq = seq;
    tally.days.add(time);
  }

  #exceptionsOf(run: ControlRun, at: number, onUnsettled: () => void): ControlCounts['exceptions'] {
    const id = run.control.id;
    try {
      return run.settled(at).map((kept) => toException(id, kept));
    } catch {
      onUnsettled(); // a report names what cannot be told
      return run.exceptions.kept().map((kept) => toException(id, kept));
    }
  }

  #sortedActions(): [AuditAction, ActionTally][] {
    return [...this.#actions].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** Whoever can write records must not be able to stop the counting of the others. */
  #give(wanted: readonly ((entry: ChainEntry) => void)[], entry: ChainEntry): void {
    let failed = false;
    for (const take of wanted) {
      try {
        take(entry);
      } catch {
        failed = true; // counted below, and named by every report
      }
    }
    if (failed) this.#unreadable++;
  }

  #dispatch(): void {
    const add = (actions: readonly AuditAction[], take: (entry: ChainEntry) => void) => {
      for (const action of new Set(actions)) this.#wanted.set(action, [...(this.#wanted.get(action) ?? []), take]);
    };
    const organizational = this.#tallies.filter(({ run }) => run.control.kind === 'organizational');
    add(['tenant.control_updated'], (entry) => {
      for (const { run } of organizational) run.takeUp(entry);
    });
    add(this.#parts.rules.registerActions, (entry) => {
      this.#state = this.#parts.rules.takeRegister(this.#state, entry);
    });
    for (const { run } of this.#tallies) add(run.control.test.actions, (entry) => run.take(entry));
  }
}

function withoutCounted({ seq, time, action }: ControlCounts['newest'][number]): ControlCounts['newest'][number] {
  return { seq, time, action };
}
