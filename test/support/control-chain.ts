import { createHash } from 'node:crypto';
import { controlOf } from '#main/compliance/controls/controls.ts';
import type { ChainEntry, EvidenceSink, FoldState } from '#main/compliance/evaluation/evidence-test.ts';
import type { AuditAction } from '#shared/model/audit-actions.ts';
import { AUDIT_DATA, type AuditData } from '#shared/model/audit-data.ts';
import type { Actor, Links, Outcome, Target } from '#shared/model/audit-record.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** When the chains of these tests begin. */
export const START = Date.parse('2026-01-05T08:00:00.000Z');
export const D = (letter: string): string => letter.repeat(64).slice(0, 64);
export const SEALED = { sealed: 'hV2lp0-yT43OSt-PnaHP0Fv0Vvj-SYVSO4cXYNEcvf0' };
export const at = (ms: number): string => new Date(START + ms).toISOString();

export interface Told {
  readonly action: AuditAction;
  readonly data: unknown;
  /** Milliseconds after the start; a second after the one before by default. */
  readonly after?: number;
  readonly outcome?: Outcome;
  readonly actor?: Actor;
  readonly onBehalfOf?: Actor;
  readonly target?: Target;
  readonly links?: Links;
}

export const user = (id: string): Actor => ({ type: 'user', id });
export const agent = (id: string): Actor => ({ type: 'agent', id });

/** A record with data of its schema. */
export function told<A extends AuditAction>(
  action: A,
  data: AuditData<A>,
  more: Omit<Told, 'action' | 'data'> = {},
): Told {
  AUDIT_DATA[action].parse(data);
  return { action, data, ...more };
}

/** A change of the register, as its records are. */
export function changed(
  control: string,
  change: NonNullable<AuditData<'tenant.control_updated'>['change']>,
  more: Omit<Told, 'action' | 'data'> & { readonly owner?: string | null; readonly newStatus?: string } = {},
): Told {
  const { owner = null, newStatus = 'gap', ...rest } = more;
  return told(
    'tenant.control_updated',
    { framework: 'causeway', control, oldStatus: null, newStatus, owner, evidence: [], change },
    { target: { type: 'control', id: control }, ...rest },
  );
}

export function hashOf(seq: number): string {
  return createHash('sha256').update(`record ${seq}`).digest('hex');
}

export function entriesOf(records: readonly Told[]): ChainEntry[] {
  let time = START;
  return records.map(({ action, data, after, outcome = 'success', ...rest }, index) => {
    time = after === undefined ? time + 1000 : START + after;
    const seq = index + 1;
    const record = {
      v: 1 as const,
      chain: '3f1d0b52-6d0e-4c8a-9b7e-2a51c4d80e61',
      tenant: 'example',
      seq,
      time: new Date(time).toISOString(),
      action,
      outcome,
      actor: rest.actor ?? { type: 'system' as const, id: 'causeway' },
      ...(rest.onBehalfOf === undefined ? {} : { onBehalfOf: rest.onBehalfOf }),
      target: rest.target ?? { type: 'thing', id: 'thing' },
      ...(rest.links === undefined ? {} : { links: rest.links }),
      data: data as Record<string, unknown>,
      key: 'd94877a4d180534c',
      prev: D('0'),
    };
    return { seq, hash: hashOf(seq), time, record };
  });
}

export interface Outcomes {
  readonly occurrences: readonly number[];
  /** `kind:seq`, with ` fixed by seq` when it was put right. */
  readonly exceptions: readonly string[];
  readonly texts: readonly string[];
  readonly cadence: readonly string[];
}

/**
 * Folds a control's test over records, its state through JSON again and again, as between two readings.
 * @param end when the chain ends, milliseconds after the start; by default with the last record
 */
export function fold(control: string, records: readonly Told[], end?: number): Outcomes {
  const test = controlOf(control)?.test;
  if (test === undefined) throw new Error(`no control ${control}`);
  const occurrences: number[] = [];
  const cadence: string[] = [];
  const found = new Map<string, { text: string; fixedBy: number | null }>();
  let state: FoldState = test.begin();
  const entries = entriesOf(records);
  const actions = new Set<AuditAction>(test.actions);
  for (const entry of entries) {
    if (!actions.has(entry.record.action)) continue;
    const sink: EvidenceSink = {
      occurrence: () => occurrences.push(entry.seq),
      deviation: (kind, text, about = entry.seq) => found.set(`${kind}:${about}`, { text, fixedBy: null }),
      fixed: (kind, about) => {
        const one = found.get(`${kind}:${about}`);
        if (one !== undefined) found.set(`${kind}:${about}`, { ...one, fixedBy: entry.seq });
      },
      cadence: (frequency) => cadence.push(frequency),
    };
    test.take(state, entry, sink);
    if (entries.length < 100 || entry.seq % 500 === 0) state = JSON.parse(JSON.stringify(state)) as FoldState;
  }
  const before = JSON.stringify(state);
  const last = end === undefined ? (entries.at(-1)?.time ?? START) : START + end;
  test.settle?.(state, last, {
    deviation: (kind, text, about) => found.set(`${kind}:${about}`, { text, fixedBy: null }),
  });
  if (JSON.stringify(state) !== before) throw new Error(`settling ${control} changed its state`);
  return {
    occurrences,
    exceptions: [...found].map(([key, { fixedBy }]) => (fixedBy === null ? key : `${key} fixed by ${fixedBy}`)),
    texts: [...found.values()].map(({ text }) => text),
    cadence,
  };
}
