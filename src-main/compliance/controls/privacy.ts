import { type ControlDefinition, gdpr, iso, kvkk, lgpd, soc2 } from './control-definition.ts';
import { defineTest } from './define-test.ts';
import { type ByText, HOUR, late, name, readCount, readText, readTime, slot } from './record-values.ts';

/** Personal data. */
const MASKING: ControlDefinition = {
  id: 'PT-01',
  name: 'Masking of personal data',
  kind: 'technical',
  objective: 'Personal data in telemetry are masked before an agent or a model sees them.',
  frequency: 'event',
  effort: 'M',
  remedy:
    'Mask e-mail addresses, card, phone and tax numbers and tokens in telemetry before agents read it, and record how many.',
  criteria: [
    soc2('P4.1', 'Personal information is used only as far as the task needs.'),
    soc2('P3.1', 'Nothing is taken from telemetry that the purpose does not need.'),
    soc2('C1.1', 'Confidential information is not passed on.'),
    soc2('CC6.7', 'Personal data are taken out before telemetry is passed on.'),
    iso('A.8.11', 'Personal data are masked before agents and models read telemetry.'),
    iso('A.5.34', 'Privacy and protection of personal data.'),
    iso('A.8.12', 'Leaks of personal data are prevented.'),
    gdpr('5', 'Agents get no more personal data than the purpose needs (data minimisation).'),
    gdpr('25', 'Masking is built in and on by default.'),
    gdpr('32', 'Pseudonymisation as a measure of security.'),
    lgpd('6', 'Necessity: no more data than the purpose needs.'),
    lgpd('46', 'A technical measure to protect personal data.'),
    kvkk('4', 'Data are relevant, limited and proportionate to the purpose.'),
    kvkk('12', 'Masking is a technical measure against unlawful access.'),
  ],
  needsOccurrence: true,
  selfCheck: true,
  test: defineTest<Record<string, never>>(
    'PT-01',
    {
      actions: ['investigation.data_masked'],
      occurrenceRule: 'Each masking of data before they reached an agent (investigation.data_masked, success).',
      deviationRule: 'A masking that failed (not-masked).',
      begin: () => ({}),
      take: (_, { record: { outcome, data } }, sink) => {
        if (outcome === 'success') sink.occurrence();
        else sink.deviation('not-masked', `Data of the pattern ${name(data.pattern)} could not be masked.`);
      },
    },
    'watched',
  ),
};

const RETENTION: ControlDefinition = {
  id: 'PT-02',
  name: 'Retention schedule',
  kind: 'technical',
  objective:
    'Each class of data has a time after which it is purged, on schedule; that of audit data takes two people to change.',
  frequency: 'weekly',
  effort: 'M',
  remedy:
    'Set a retention period for each class of data, have it purged on schedule, and let the self-check look for what is overdue.',
  criteria: [
    soc2('C1.2', 'Confidential information is disposed of when its time is over.'),
    soc2('P4.2', 'Personal information is kept no longer than needed.'),
    soc2('P4.3', 'Personal information is disposed of securely.'),
    soc2('CC6.5', 'Data are disposed of when they are no longer needed.'),
    iso('A.8.10', 'Information is deleted when it is no longer needed.'),
    iso('A.5.33', 'Records are kept for as long as they have to be.'),
    iso('A.5.34', 'Personal data are kept no longer than needed.'),
    gdpr('5', 'Data are kept no longer than the purpose needs (storage limitation).'),
    gdpr('25', 'By default data are kept no longer than needed.'),
    lgpd('15', 'Processing ends when its purpose is over.'),
    lgpd('16', 'Data are erased after processing ends.'),
    kvkk('4', 'Data are kept for as long as the purpose asks.'),
    kvkk('7', 'Data are erased when the reason for them is gone.'),
  ],
  needsOccurrence: true,
  selfCheck: true,
  test: defineTest<{ approved: { time: number } | null }>(
    'PT-02',
    {
      actions: ['tenant.retention_policy_changed', 'tenant.protection_change_approved'],
      occurrenceRule: 'Each retention period set or changed (tenant.retention_policy_changed, success).',
      deviationRule:
        'A shorter period for audit data (a class that begins with audit) without an approval of a change of retention in the hour before (not-approved).',
      begin: () => ({ approved: null }),
      take: (state, { time, record: { action, outcome, data } }, sink) => {
        if (outcome !== 'success') return;
        if (action === 'tenant.protection_change_approved') {
          if (data.change === 'retention') state.approved = { time };
          return;
        }
        sink.occurrence();
        const [old, next] = [readCount(data.oldDays), readCount(data.newDays)];
        if (!(readText(data.dataClass) ?? '').startsWith('audit') || old === null || next === null || next >= old)
          return;
        const approved = state.approved !== null && time - state.approved.time <= HOUR;
        state.approved = null;
        if (!approved) {
          sink.deviation(
            'not-approved',
            `Audit data are kept for ${next} days instead of ${old}, and nobody agreed to it.`,
          );
        }
      },
    },
    'occurrence',
  ),
};

type Request = { seq: number; due: number };

const ERASURE: ControlDefinition = {
  id: 'PT-03',
  name: 'Erasure in time',
  kind: 'technical',
  objective:
    'A request to be erased is carried out before it is due and ends in a certificate; the chain still verifies.',
  frequency: 'event',
  effort: 'M',
  remedy:
    'Take requests in with the date they are due, carry them out in the console before it, and keep the certificate.',
  criteria: [
    soc2('P4.3', 'Personal information is disposed of on request.'),
    soc2('P5.1', 'People have a say in the information about them.'),
    soc2('P5.2', 'Personal information is corrected or taken away on request.'),
    soc2('P8.1', 'Requests of people are dealt with and on record.'),
    soc2('C1.2', 'Confidential information about a person is disposed of on request.'),
    iso('A.8.10', 'Information is deleted on request.'),
    iso('A.5.34', 'Rights of the people data are about.'),
    gdpr('17', 'Requests for erasure are carried out in time, with a certificate.'),
    gdpr('5', 'Accountability for what was erased.'),
    lgpd('18', 'Deletion on request of the person.'),
    lgpd('16', 'Data are erased after processing ends.'),
    kvkk('7', 'Erasure, destruction or anonymisation.'),
    kvkk('11', 'What somebody asked to be erased is erased, on record.'),
    kvkk('13', 'Requests are answered within 30 days.'),
  ],
  needsOccurrence: false,
  selfCheck: true,
  test: defineTest<{ open: ByText<Request> }>(
    'PT-03',
    {
      actions: ['tenant.erasure_requested', 'tenant.erasure_completed'],
      occurrenceRule: 'Each erasure carried out (tenant.erasure_completed, success).',
      deviationRule:
        'A request not carried out when it is due (overdue, about the request; put right when it is carried out); an erasure nobody asked for (no-request).',
      begin: () => ({ open: {} }),
      take: ({ open }, { seq, time, record: { action, outcome, data } }, sink) => {
        if (outcome !== 'success') return;
        const id = readText(data.request) ?? '';
        if (action === 'tenant.erasure_requested') {
          open[slot(id)] ??= { seq, due: readTime(data.due) ?? time };
          return;
        }
        sink.occurrence();
        const request = open[slot(id)];
        if (request === undefined) {
          sink.deviation('no-request', `The erasure ${name(id)} was carried out, and no request for it is on record.`);
          return;
        }
        delete open[slot(id)];
        if (time > request.due) late(sink, 'overdue', overdue(id), request.seq);
      },
      settle: ({ open }, at, sink) => {
        for (const [key, { seq, due }] of Object.entries(open)) {
          if (at > due) sink.deviation('overdue', overdue(key.slice(1)), seq);
        }
      },
    },
    'watched',
  ),
};

function overdue(request: string): string {
  return `The erasure ${name(request)} was not carried out when it was due.`;
}

export const PRIVACY_CONTROLS: readonly ControlDefinition[] = [MASKING, RETENTION, ERASURE];
