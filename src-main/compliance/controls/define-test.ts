import type { AuditAction } from '#shared/model/audit-actions.ts';
import type { ControlId } from '#shared/model/control.ts';
import { Frequency } from '#shared/model/control.ts';
import type { ChainEntry, EvidenceSink, EvidenceTest, FoldState, SettleSink } from '../evaluation/evidence-test.ts';
import { readList, readObject, readText } from './record-values.ts';

/** What the records of the register itself say: its framework, and the control records of a whole are about. */
export const REGISTER_FRAMEWORK = 'causeway';
export const REGISTER = 'register';

const UPDATED = 'tenant.control_updated';

/** A test of one control without what all of them have in common. `S` is a type alias: what JSON can say. */
export interface OwnTest<S extends FoldState> {
  readonly actions: readonly AuditAction[];
  readonly occurrenceRule: string;
  readonly deviationRule: string;
  begin(): S;
  take(state: S, entry: ChainEntry, sink: EvidenceSink): void;
  settle?(state: S, at: number, sink: SettleSink): void;
}

/**
 * `occurrence`: a self-check that holds shows the control operating. `watched`: only that one fails is told. `none`: it
 * has none.
 */
export type ChecksAs = 'occurrence' | 'watched' | 'none';

/** Of the register: the newest failed self-check that no later one put right. */
type Shared<S> = { own: S; failing: number | null };

const CHECK_RULE = 'A self-check of the control that fails; put right by the next one that holds.';
const CHECK_OCCURRENCE =
  'Each self-check of the control that holds, on record by the console itself (system, causeway).';

/**
 * A control's test: its own rules, and those every control has. A change of its cadence counts from its record on; a
 * self-check that fails is a deviation until one holds.
 */
export function defineTest<S extends FoldState>(control: ControlId, own: OwnTest<S>, checks: ChecksAs): EvidenceTest {
  const counts = checks === 'occurrence';
  const rules = [own.deviationRule, ...(checks === 'none' ? [] : [CHECK_RULE])];
  const wanted = new Set<AuditAction>(own.actions);
  const { settle } = own;
  return {
    actions: [...new Set<AuditAction>([...own.actions, UPDATED])],
    occurrenceRule: counts
      ? [own.occurrenceRule, CHECK_OCCURRENCE].filter((rule) => rule !== '').join(' ')
      : own.occurrenceRule,
    deviationRule: rules.filter((rule) => rule !== '').join(' '),
    begin: () => ({ own: own.begin(), failing: null }) satisfies Shared<S>,
    take: (folded, entry, sink) => {
      const state = folded as Shared<S>;
      if (entry.record.action === UPDATED) takeRegister(state, control, checks, entry, sink);
      if (wanted.has(entry.record.action)) own.take(state.own, entry, sink);
    },
    ...(settle === undefined ? {} : { settle: (folded, at, sink) => settle((folded as Shared<S>).own, at, sink) }),
  };
}

/** A change of the register on record, if this is one: of its own framework, and one that was made. */
export function changeOf({ record }: ChainEntry): Readonly<Record<string, unknown>> | null {
  if (record.action !== UPDATED || record.outcome === 'failure' || record.outcome === 'denied') return null;
  return record.data.framework === REGISTER_FRAMEWORK ? readObject(record.data.change) : null;
}

/** Whether the console itself wrote a record: what it found out about itself is nobody else's to say. */
export function isByConsole({ actor }: ChainEntry['record']): boolean {
  return actor.type === 'system' && actor.id === 'causeway';
}

function takeRegister<S>(
  state: Shared<S>,
  control: ControlId,
  checks: ChecksAs,
  entry: ChainEntry,
  sink: EvidenceSink,
): void {
  const change = changeOf(entry);
  if (change === null) return;
  if (change.kind === 'cadence' && entry.record.data.control === control) {
    const next = Frequency.safeParse(change.next);
    if (next.success) sink.cadence(next.data);
    return;
  }
  if (change.kind !== 'self-check' || checks === 'none' || !isByConsole(entry.record)) return;
  // the last word counts, should a file say two things about one control in one record
  const result = readList(change.results)
    .map(readObject)
    .findLast((one) => one?.control === control);
  if (result == null) return;
  if (result.result === 'holds') {
    if (checks === 'occurrence') sink.occurrence();
    if (state.failing !== null) sink.fixed('check-failed', state.failing);
    state.failing = null;
  } else if (result.result === 'fails' && state.failing === null) {
    state.failing = entry.seq;
    const detail = readText(result.detail)?.toWellFormed().slice(0, 1000) ?? 'nothing was said why';
    sink.deviation('check-failed', `The self-check failed: ${detail}`);
  }
}

/** For a control whose operating only self-checks show. */
export const NOTHING_OWN: OwnTest<Record<string, never>> = {
  actions: [],
  occurrenceRule: '',
  deviationRule: '',
  begin: () => ({}),
  take: () => undefined,
};
