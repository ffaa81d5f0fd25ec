import { hash } from 'node:crypto';
import { CausewayError, describeError } from '#shared/errors.ts';
import type { AuditAction } from '#shared/model/audit-actions.ts';
import type { ReportPopulation } from '#shared/model/report.ts';
import type { RegisterState } from '../register/register-state.ts';
import { ControlTally, Population } from './control-tally.ts';
import { seedOf } from './draw-sample.ts';
import type { Evaluation, EvaluationRequest } from './evaluation.ts';
import type { ChainEntry } from './evidence-test.ts';
import { SeqNumbers } from './growing-list.ts';
import { leafOfHash } from './hash-tree.ts';
import { IntegrityCheck } from './integrity-check.ts';
import { iso, type Span } from './periods.ts';
import { asRecord, isEntry, type RecordMembers, readMembers } from './read-entry.ts';
import { beginCollector, controlsAsked, windowOf } from './read-request.ts';
import { instantOfRecord } from './record-instant.ts';
import type { EvaluationRules, RecordCollector } from './rules.ts';
import { TimeOrder } from './time-order.ts';

export interface ChainIdentity {
  readonly chain: string;
  readonly tenant: string;
  /** What the records are held against; the request's, where it says one. */
  readonly checkpoint: ReportPopulation['checkpoint'];
}

/** A record as a source gives it. `seq`: its place in a store; null in a file, whose lines have no number. */
export interface SourceRecord {
  readonly seq: number | null;
  readonly bytes: Uint8Array;
  /** Lowercase hex, as it is stored or stated. */
  readonly hash: string;
}

/** As many as a report can hold. */
const MOST_EXCEPTIONS = 100_000;

type Action = { window: number; all: number; lastSeq: number };

/** Counts a chain's records in one reading, in constant memory but for a few bytes a record. Pure but for its own state. */
export class Evaluator {
  readonly #rules: EvaluationRules;
  readonly #request: EvaluationRequest;
  readonly #identity: ChainIdentity;
  readonly #window: Span;
  readonly #integrity: IntegrityCheck;
  readonly #tallies: readonly ControlTally[];
  readonly #organizational: readonly ControlTally[];
  readonly #collectors: readonly { readonly name: string; readonly collector: RecordCollector }[];
  /** Who wants the records of an action. */
  readonly #wanted = new Map<string, ((entry: ChainEntry) => void)[]>();
  readonly #inScopeActions: ReadonlySet<string>;
  readonly #actors: ReadonlySet<string> | null;
  readonly #population = new Population();
  readonly #times = new SeqNumbers();
  readonly #order = new TimeOrder();
  /** 1 for each record by one of the actors asked for. */
  readonly #chosen = new SeqNumbers();
  readonly #actions = new Map<string, Action>();
  readonly #excluded = { before: 0, after: 0, action: 0, filter: 0, unreadable: 0 };
  #register: RegisterState;
  #records = 0;
  #first: number | null = null;
  #head: { readonly seq: number; readonly hash: string; readonly time: number } | null = null;
  #hash = '';
  #leaf: string | null = null;
  #isChosen = true;

  constructor(rules: EvaluationRules, request: EvaluationRequest, identity: ChainIdentity) {
    this.#rules = rules;
    this.#request = request;
    this.#identity = identity;
    this.#window = windowOf(request);
    this.#integrity = new IntegrityCheck(this.#checkpoint(), request.last);
    this.#inScopeActions = new Set(request.actions);
    this.#actors = request.actors === null ? null : new Set(request.actors);
    this.#register = rules.beginRegister();
    const timeOf = (seq: number) => {
      const time = this.#times.get(seq);
      return Number.isNaN(time) ? null : time;
    };
    const parts = {
      window: this.#window,
      timeOf,
      order: this.#order,
      leaf: () => this.#leafNow(),
      chosen: () => this.#isChosen,
    };
    this.#tallies = controlsAsked(rules.controls, request).map((control) => new ControlTally(control, parts));
    this.#organizational = this.#tallies.filter(({ run }) => run.control.kind === 'organizational');
    this.#collectors = request.collectors.map(({ name, parameters }) => ({
      name,
      collector: beginCollector(rules, name, parameters),
    }));
    this.#dispatch();
  }

  /** The seq of the newest record that was counted; 0 before the first. */
  get seq(): number {
    return this.#integrity.expected - 1;
  }

  take({ seq: place, bytes, hash: statedHash }: SourceRecord): void {
    this.#records++;
    this.#hash = hash('sha256', bytes, 'hex');
    this.#leaf = null;
    const members = readMembers(bytes);
    const found = { bytes, statedHash, hash: this.#hash, members: members as { seq: unknown; prev: unknown } | null };
    const seq = this.#integrity.take(found, place);
    const time = members === null ? Number.NaN : instantOfRecord(members.time);
    if (seq === null || members === null || !this.#isOwn(members, seq) || Number.isNaN(time)) {
      if (seq !== null && members !== null && Number.isNaN(time)) this.#integrity.problem(seq, unread(seq, 'no time'));
      this.#excluded.unreadable++;
      return;
    }
    this.#head = { seq, hash: this.#hash, time };
    const back = this.#order.take(seq, time);
    if (back !== null) for (const tally of this.#tallies) tally.takeBack(back);
    if (this.#first === null) {
      this.#first = time;
      for (const { run } of this.#tallies) run.begins(time);
    }
    this.#count(members, seq, time);
  }

  #count(members: RecordMembers, seq: number, time: number): void {
    if (!isEntry(members)) {
      this.#integrity.problem(seq, unread(seq, 'it is not of the form of a record this version knows'));
      this.#excluded.unreadable++;
      return;
    }
    const record = asRecord(members);
    const { action } = record;
    const wanted = this.#wanted.get(action);
    const isWithin = time >= this.#window.from && time < this.#window.to;
    this.#times.set(seq, time);
    this.#isChosen = this.#actors === null || this.#actors.has(record.actor.id);
    if (this.#actors !== null && this.#isChosen) this.#chosen.set(seq, 1);
    if (wanted !== undefined) {
      const entry: ChainEntry = { seq, hash: this.#hash, time, record };
      for (const take of wanted) take(entry);
    }
    this.#tallyAction(action, seq, isWithin);
    this.#tallyScope(action, seq, time);
  }

  #tallyAction(action: string, seq: number, isWithin: boolean): void {
    let counts = this.#actions.get(action);
    if (counts === undefined) {
      counts = { window: 0, all: 0, lastSeq: 0 };
      this.#actions.set(action, counts);
    }
    counts.all++;
    counts.lastSeq = seq;
    if (isWithin) counts.window++;
  }

  #tallyScope(action: string, seq: number, time: number): void {
    if (time < this.#window.from) this.#excluded.before++;
    else if (time >= this.#window.to) this.#excluded.after++;
    else if (!this.#inScopeActions.has(action)) this.#excluded.action++;
    else if (!this.#isChosen) this.#excluded.filter++;
    else this.#population.add(seq, this.#leafNow());
  }

  /** @throws CausewayError `audit-broken` when there was no record at all, `too-large` */
  finish(): Evaluation {
    const { chain, tenant } = this.#identity;
    const head = this.#head;
    if (head === null || this.#first === null) {
      throw new CausewayError('audit-broken', 'There is no record that can be read. Verify the audit trail.', {
        reason: 'no-records',
      });
    }
    const { sample } = this.#request;
    const seed = sample === null ? null : seedOf(head.hash, sample.number);
    const controls = this.#tallies.map((tally) =>
      tally.end({
        rules: this.#rules,
        entryOf: (control) => this.#register.controls[control] ?? null,
        at: this.#order.latest,
        sample: sample === null || seed === null ? null : { seed, profile: sample.profile },
        isChosen: (seq) => this.#actors === null || this.#chosen.get(seq) === 1,
        onProblem: (error) => this.#integrity.problem(0, unsettled(tally.run.control.id, error)),
      }),
    );
    requireListable(controls.reduce((sum, { exceptions }) => sum + exceptions.length, 0));
    const last = { seq: head.seq, time: iso(head.time) };
    const context = { chain, tenant, last, window: this.#request.window, register: this.#register };
    const collected = this.#collectors.map(({ name, collector }) => [name, collector.end(context)] as const);
    const scope = this.#population.describe();
    return {
      chain,
      tenant,
      range: { first: 1, last: this.#request.last },
      head: { hash: head.hash, time: last.time },
      begins: iso(this.#first),
      checkpoint: this.#checkpoint(),
      integrity: this.#integrity.end(),
      timeProblems: this.#order.problems(),
      records: this.#records,
      inScope: scope.count,
      excluded: this.#describeExcluded(),
      root: scope.root,
      seqs: scope.seqs,
      seed,
      controls,
      actions: Object.fromEntries([...this.#actions].sort(([a], [b]) => (a < b ? -1 : 1))),
      register: this.#register,
      collected: Object.fromEntries(collected),
    };
  }

  #describeExcluded(): Evaluation['excluded'] {
    const { before, after, action, filter, unreadable } = this.#excluded;
    return [
      { reason: 'before the window', count: before },
      { reason: 'after the window', count: after },
      { reason: 'of no action these criteria rest on', count: action },
      ...(this.#request.actors === null ? [] : [{ reason: 'left out by the filter', count: filter }]),
      ...(unreadable === 0 ? [] : [{ reason: 'unreadable or out of place', count: unreadable }]),
    ];
  }

  #checkpoint(): ReportPopulation['checkpoint'] {
    return this.#request.checkpoint === undefined ? this.#identity.checkpoint : this.#request.checkpoint;
  }

  /** What is of another chain is nothing that happened here. */
  #isOwn({ chain, tenant }: RecordMembers, seq: number): boolean {
    if (chain === this.#identity.chain && tenant === this.#identity.tenant) return true;
    this.#integrity.problem(seq, `Record ${seq} is of another chain or tenant.`);
    return false;
  }

  #leafNow(): string {
    this.#leaf ??= leafOfHash(this.#hash);
    return this.#leaf;
  }

  #dispatch(): void {
    const add = (actions: readonly AuditAction[], take: (entry: ChainEntry) => void) => {
      for (const action of new Set(actions)) this.#wanted.set(action, [...(this.#wanted.get(action) ?? []), take]);
    };
    add(['tenant.control_updated'], (entry) => {
      for (const { run } of this.#organizational) run.takeUp(entry);
    });
    add(['tenant.protection_change_approved'], ({ seq, time, record }) => {
      if (record.data.change === 'break-acknowledgement') this.#integrity.acknowledge(seq, iso(time));
    });
    add(this.#rules.registerActions, (entry) =>
      this.#guard(entry, 'the register', () => {
        this.#register = this.#rules.takeRegister(this.#register, entry);
      }),
    );
    for (const { run } of this.#tallies) {
      const what = `control ${run.control.id}`;
      add(run.control.test.actions, (entry) =>
        this.#guard(entry, what, () => {
          run.take(entry);
          requireListable(run.exceptions.size);
        }),
      );
    }
    for (const { name, collector } of this.#collectors) {
      add(collector.actions, (entry) => this.#guard(entry, name, () => collector.take(entry)));
    }
  }

  /** Whoever can write records must not be able to stop the counting of the others. */
  #guard({ seq }: ChainEntry, what: string, take: () => void): void {
    try {
      take();
    } catch (error) {
      if (error instanceof CausewayError && error.code === 'too-large') throw error;
      this.#integrity.problem(seq, unread(seq, `not by ${what}: ${describeError(error)}`));
    }
  }
}

function requireListable(exceptions: number): void {
  if (exceptions <= MOST_EXCEPTIONS) return;
  const text = `There are more than ${MOST_EXCEPTIONS} exceptions. Choose a shorter window or fewer criteria.`;
  throw new CausewayError('too-large', text, { reason: 'exceptions' });
}

function unread(seq: number, why: string): string {
  return `Record ${seq} cannot be counted: ${why}.`;
}

function unsettled(control: string, error: unknown): string {
  return `What was open of control ${control} at the end cannot be told: ${describeError(error)}.`;
}
