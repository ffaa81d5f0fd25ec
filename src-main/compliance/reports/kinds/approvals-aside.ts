import type { Block, ReportException } from '#shared/model/report.ts';
import { column, row, sealed, state, table } from '../blocks/cells.ts';
import type { UnproposedCollected } from '../collecting/approvals.ts';
import type { ProtectionCollected } from '../collecting/protections.ts';
import { exceptionOf } from './kind-content.ts';

/** What was decided or carried out without being proposed. */
export function unproposedTable(unproposed: readonly UnproposedCollected[]): Block {
  return table({
    id: 'unproposed',
    title: 'Decided or carried out without a proposal on record',
    columns: [
      column('time', 'Time', 'time'),
      column('seq', 'Record', 'seq'),
      column('remediation', 'Remediation', 'id'),
      column('what', 'What', 'state'),
      column('by', 'By', 'id'),
      column('plan', 'Plan', 'hash'),
    ],
    rows: unproposed.map(({ seq, time, remediation, what, by, planDigest }) =>
      row(`${seq}`, [
        time,
        seq,
        remediation,
        state('fails', `${what[0]?.toUpperCase()}${what.slice(1)}`),
        by,
        planDigest,
      ]),
    ),
    empty: 'Nothing: every decision and every change in the window is of a plan that was proposed.',
  });
}

export function unproposedException({ seq, time, remediation, what }: UnproposedCollected): ReportException {
  const did = what.endsWith('executed') ? 'carried out' : what;
  const text = `${remediation} was ${did}, and no record proposes that plan.`;
  return exceptionOf({ report: 'approvals', kind: 'no-proposal', text, seq, time });
}

/** Changes of the protections themselves: rotations, acknowledgements, policies. */
export function protectionTable(protections: readonly ProtectionCollected[]): Block {
  return table({
    id: 'protections',
    title: 'Changes of the protections themselves',
    columns: [
      column('change', 'Change'),
      column('target', 'Request', 'id'),
      column('requested', 'Asked', 'time'),
      column('requester', 'By', 'id'),
      column('decided', 'Decided', 'time'),
      column('seq', 'Record', 'seq'),
      column('decider', 'By whom', 'id'),
      column('outcome', 'Decision', 'state'),
      column('justification', 'Justification'),
      column('reauthentication', 'Re-authenticated by'),
      column('eyes', 'Two people', 'state'),
      column('ended', 'Ended'),
    ],
    rows: protections.map(({ target, change, requested, decided, ended }, index) =>
      row(`${requested?.seq ?? decided?.seq ?? index}`, [
        change,
        target,
        requested?.time ?? null,
        requested?.by ?? null,
        decided?.time ?? null,
        decided?.seq ?? null,
        decided?.by ?? null,
        decided === null
          ? state('info', 'None')
          : decided.outcome === 'success'
            ? state('holds', 'Approved')
            : state('info', 'Refused'),
        decided === null ? null : sealed(decided.justification),
        decided?.reauthentication ?? null,
        decided?.another == null
          ? state('info', 'Not on record')
          : decided.another
            ? state('holds', 'Yes')
            : state('fails', 'No'),
        ended?.how ?? null,
      ]),
    ),
    empty: 'None was asked for or decided in the window.',
  });
}

export function protectionExceptions({ decided, change }: ProtectionCollected): readonly ReportException[] {
  if (decided === null || decided.another !== false || decided.outcome !== 'success') return [];
  const { seq, time } = decided;
  const text = `${change} was approved by the human who had asked for it.`;
  return [exceptionOf({ report: 'approvals', kind: 'own-request', text, seq, time })];
}
