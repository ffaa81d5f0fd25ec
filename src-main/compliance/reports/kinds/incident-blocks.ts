import type { PlanStep } from '#shared/model/plan.ts';
import type { Block } from '#shared/model/report.ts';
import { clip, column, type Row, row, sealed, sentence, state, table } from '../blocks/cells.ts';
import type { IncidentEntry } from '../collecting/incident.ts';
import { idOf, recordsOf } from './incident-records.ts';

type Entries = readonly IncidentEntry[];

/** Every lease: whose, for what, and how it ended. */
export function leaseTable(entries: Entries): Block {
  const revoked = new Map(
    recordsOf(entries, 'credential.revoked').map((found) => [found.entry.record.target.id, found]),
  );
  const expired = new Map(
    recordsOf(entries, 'credential.expired').map((found) => [found.entry.record.target.id, found]),
  );
  return table({
    id: 'leases',
    title: 'Credentials leased, and their end',
    columns: [
      column('issued', 'Issued', 'time'),
      column('seq', 'Record', 'seq'),
      column('lease', 'Lease', 'id'),
      column('agent', 'Agent', 'id'),
      column('task', 'Task'),
      column('actions', 'Allowed'),
      column('expires', 'Valid until', 'time'),
      column('ended', 'Ended', 'time'),
      column('how', 'How'),
      column('calls', 'Calls', 'number'),
      column('state', 'State', 'state'),
    ],
    rows: recordsOf(entries, 'credential.issued').map(({ entry, data }) => {
      const lease = entry.record.target.id;
      const revoke = revoked.get(lease);
      const end = revoke ?? expired.get(lease);
      const how =
        revoke === undefined
          ? end === undefined
            ? ''
            : 'expired'
          : `${revoke.data.reason}, at the cloud: ${revoke.data.cloud}`;
      return row(idOf(entry), [
        entry.record.time,
        entry.seq,
        lease,
        data.agent,
        data.task,
        data.actions.join(', '),
        data.expiresAt,
        end?.entry.record.time ?? null,
        how,
        end?.data.calls ?? null,
        end === undefined ? state('open', 'No end on record') : state('holds', 'Ended'),
      ]);
    }),
    empty: 'No credentials were leased.',
  });
}

export function callTable(entries: Entries): Block {
  return table({
    id: 'calls',
    title: 'Calls on the cloud',
    columns: [
      column('time', 'Time', 'time'),
      column('seq', 'Record', 'seq'),
      column('agent', 'By', 'id'),
      column('operation', 'Operation'),
      column('phase', 'Phase'),
      column('code', 'Answer', 'foreign'),
      column('latency', 'ms', 'number'),
      column('payload', 'Digest of what was sent', 'hash'),
      column('response', 'Digest of the answer', 'hash'),
    ],
    rows: recordsOf(entries, 'investigation.system_called').map(({ entry, data }) =>
      row(idOf(entry), [
        entry.record.time,
        entry.seq,
        entry.record.actor.id,
        data.operation,
        data.phase ?? 'read',
        data.code,
        data.latencyMs,
        data.payloadDigest,
        data.responseDigest,
      ]),
    ),
    empty: 'The cloud was not called.',
  });
}

export function policyDecisions(entries: Entries): Block {
  return table({
    id: 'decisions',
    title: 'Decisions of the guardrails',
    columns: [
      column('time', 'Time', 'time'),
      column('seq', 'Record', 'seq'),
      column('principal', 'Who', 'id'),
      column('action', 'Action'),
      column('resource', 'On', 'foreign'),
      column('decision', 'Decision', 'state'),
      column('reason', 'Why'),
      column('version', 'Policy version', 'hash'),
    ],
    rows: recordsOf(entries, 'investigation.policy_decided').map(({ entry, data }) =>
      row(idOf(entry), [
        entry.record.time,
        entry.seq,
        data.principal,
        data.action,
        data.resource,
        data.decision === 'allow' ? state('holds', 'Allowed') : state('fails', 'Denied'),
        data.reason,
        data.policyVersion,
      ]),
    ),
    empty: 'The guardrails were not asked.',
  });
}

export function findingTable(entries: Entries): Block {
  return table({
    id: 'findings',
    title: 'What the agents found',
    columns: [
      column('time', 'Time', 'time'),
      column('seq', 'Record', 'seq'),
      column('agent', 'Agent', 'id'),
      column('findings', 'Findings', 'number'),
      column('summary', 'In their words', 'foreign'),
      column('digest', 'Digest', 'hash'),
    ],
    rows: recordsOf(entries, 'investigation.findings_submitted').map(({ entry, data }) =>
      row(idOf(entry), [entry.record.time, entry.seq, data.agent, data.findings, data.summary, data.findingsDigest]),
    ),
    empty: 'No agent reported anything.',
  });
}

export function hypothesisTable(entries: Entries): Block {
  return table({
    id: 'hypotheses',
    title: 'Causes considered',
    columns: [
      column('seq', 'Record', 'seq'),
      column('rank', 'Rank', 'number'),
      column('service', 'Service', 'foreign'),
      column('detector', 'Told by'),
      column('confidence', 'Confidence'),
      column('threshold', 'Needed'),
      column('evidence', 'Answers it rests on', 'number'),
    ],
    rows: recordsOf(entries, 'investigation.hypotheses_ranked').flatMap(({ entry, data }) =>
      data.hypotheses.map(({ id, rank, service, detector, confidence, evidence }) =>
        row(`${entry.seq} ${id}`, [entry.seq, rank, service, detector, confidence, data.threshold, evidence.length]),
      ),
    ),
    empty: 'No cause was named.',
  });
}

/** What was to be changed, value by value, with the way back. */
export function planTable(entries: Entries): Block {
  const changes = (seq: number, remediation: string, way: string, steps: readonly PlanStep[]): Row[] =>
    steps.flatMap((step, index) =>
      step.changes.map(({ field, before, after }) =>
        row(`${seq} ${way} ${index + 1} ${field}`, [
          seq,
          remediation,
          way,
          index + 1,
          step.operation,
          step.resource,
          field,
          before,
          after,
        ]),
      ),
    );
  return table({
    id: 'plans',
    title: 'What was proposed: before and after, and the way back',
    columns: [
      column('seq', 'Record', 'seq'),
      column('remediation', 'Remediation', 'id'),
      column('way', 'Way'),
      column('step', 'Step', 'number'),
      column('operation', 'Operation'),
      column('resource', 'On', 'foreign'),
      column('field', 'What'),
      column('before', 'Before', 'foreign'),
      column('after', 'After', 'foreign'),
    ],
    rows: recordsOf(entries, 'remediation.proposed').flatMap(({ entry, data: { plan } }) => [
      ...changes(entry.seq, plan.remediation, 'forward', plan.steps),
      ...changes(entry.seq, plan.remediation, 'back', plan.wayBack.steps),
    ]),
    empty: 'Nothing was proposed.',
  });
}

/** Each proposal in words. */
export function planText(entries: Entries): Block {
  return {
    block: 'text',
    id: 'plan-text',
    title: 'Plans in words',
    paragraphs: recordsOf(entries, 'remediation.proposed')
      .slice(0, 100)
      .map(({ entry, data: { plan, planDigest, rule } }) =>
        clip(
          `${plan.remediation} (record ${entry.seq}, plan ${planDigest}): ${sentence(plan.summary)} ${sentence(plan.blastRadius.summary)} Way back: ${sentence(plan.wayBack.summary)} Checked by: ${sentence(plan.postCheck.summary)} Under rule ${rule}.`,
        ),
      ),
  };
}

export function decisionTable(entries: Entries): Block {
  const decided = [...recordsOf(entries, 'remediation.approved'), ...recordsOf(entries, 'remediation.rejected')].sort(
    (one, other) => one.entry.seq - other.entry.seq,
  );
  return table({
    id: 'approvals',
    title: 'Approvals and rejections',
    columns: [
      column('time', 'Time', 'time'),
      column('seq', 'Record', 'seq'),
      column('remediation', 'Remediation', 'id'),
      column('decision', 'Decision', 'state'),
      column('by', 'By', 'id'),
      column('name', 'Name'),
      column('device', 'Device', 'id'),
      column('reauthentication', 'Re-authenticated by'),
      column('justification', 'Justification'),
      column('alone', 'Reason for deciding alone'),
      column('plan', 'Plan', 'hash'),
    ],
    rows: decided.map(({ entry, data }) => {
      const place = (path: string) => sealed(entry.sealed.find((found) => found.path === path) ?? null);
      const { record } = entry;
      return row(idOf(entry), [
        record.time,
        entry.seq,
        record.target.id,
        record.action === 'remediation.approved' ? state('holds', 'Approved') : state('fails', 'Rejected'),
        record.actor.id,
        place('/actor/name'),
        record.device?.id ?? null,
        data.reauthentication,
        place('/data/justification'),
        place('/data/breakGlass'),
        data.planDigest,
      ]);
    }),
    empty: 'Nothing was approved or rejected.',
  });
}

export function outcomeTable(entries: Entries): Block {
  const executed = recordsOf(entries, 'remediation.executed').map(({ entry, data }) => ({
    entry,
    what: `Carried out: ${data.steps.map(({ operation, code }) => `${operation} → ${code}`).join(', ')}`,
    found: state('holds', 'Carried out'),
  }));
  const failed = recordsOf(entries, 'remediation.execution_failed').map(({ entry, data }) => ({
    entry,
    what: data.reason,
    found: state('fails', data.failedStep === 0 ? 'Not carried out' : `Failed at step ${data.failedStep}`),
  }));
  const verified = recordsOf(entries, 'remediation.verified').map(({ entry, data }) => ({
    entry,
    what: `${data.metric} of ${data.service}: before ${data.before ?? 'unknown'}, after ${data.after ?? 'unknown'} ${data.unit}, usual ${data.usualLow ?? '?'} to ${data.usualHigh ?? '?'}, ${data.points} points from ${data.from} to ${data.to}`,
    found: data.verdict === 'recovered' ? state('holds', 'Recovered') : state('open', data.verdict),
  }));
  const back = recordsOf(entries, 'remediation.rolled_back').map(({ entry, data }) => ({
    entry,
    what: data.reason,
    found: state('info', 'Rolled back'),
  }));
  return table({
    id: 'outcome',
    title: 'Execution and what became of it',
    columns: [
      column('time', 'Time', 'time'),
      column('seq', 'Record', 'seq'),
      column('remediation', 'Remediation', 'id'),
      column('state', 'Result', 'state'),
      column('what', 'What', 'foreign'),
    ],
    rows: [...executed, ...failed, ...verified, ...back]
      .sort((one, other) => one.entry.seq - other.entry.seq)
      .map(({ entry, what, found }) =>
        row(idOf(entry), [entry.record.time, entry.seq, entry.record.target.id, found, what]),
      ),
    empty: 'Nothing was carried out.',
  });
}
