import { type ControlDefinition, gdpr, iso, kvkk, lgpd, soc2 } from './control-definition.ts';
import { defineTest } from './define-test.ts';
import { type ByText, DAY, HOUR, late, name, readText, slot } from './record-values.ts';

const ALERT_WITHIN_MS = DAY;
const NO_ALERT = 'The trail was found broken, and no alert of it is on record within a day.';

type Alerts = { failed: ByText<number[]>; broken: { seq: number; time: number } | null };

const ALERTS: ControlDefinition = {
  id: 'SI-02',
  name: 'Alerts are delivered',
  kind: 'technical',
  objective:
    'A broken trail, failed sign-ins and waiting approvals reach people, and what could not be delivered is known.',
  frequency: 'event',
  effort: 'M',
  remedy: 'Set up a channel that reaches people when the console is closed (webhook or chat), and test it each week.',
  criteria: [
    soc2('CC7.2', 'What is found to be out of the ordinary reaches people.'),
    soc2('CC7.3', 'People who evaluate events learn of them.'),
    soc2('CC2.2', 'What people need to know for their duties reaches them.'),
    soc2('CC4.2', 'A deficiency of the trail is told to those who have to act.'),
    iso('A.8.16', 'What monitoring finds leads to an alert somebody gets.'),
    iso('A.6.8', 'Events are reported through a known channel.'),
    iso('A.5.24', 'Incidents reach those who respond.'),
    gdpr('33', 'A breach is known in time to be reported within 72 hours.'),
    lgpd('48', 'An incident is known in time to be reported.'),
    kvkk('12', 'A breach is known in time to be reported.'),
  ],
  needsOccurrence: true,
  selfCheck: true,
  test: defineTest<Alerts>(
    'SI-02',
    {
      actions: [
        'notification.alert_sent',
        'notification.approval_request_delivered',
        'notification.delivery_failed',
        'tenant.audit_verified',
      ],
      occurrenceRule:
        'Each alert or approval request delivered (notification.alert_sent and notification.approval_request_delivered, success).',
      deviationRule:
        'A delivery given up (not-delivered; put right by a later delivery of the same subject, about the same incident or other target, to the same recipient); a trail found broken with no alert of it within a day (no-alert; put right by a later one).',
      begin: () => ({ failed: {}, broken: null }),
      take: (state, { seq, time, record: { action, outcome, target, links, data } }, sink) => {
        if (action === 'tenant.audit_verified') {
          if (data.subject !== 'store') return;
          if (data.verdict !== 'valid') state.broken ??= { seq, time };
          return;
        }
        const about = links?.incident ?? `${target.type}/${target.id}`;
        const key = slot(readText(data.recipientDigest) ?? '', readText(data.subject) ?? '', about);
        if (action === 'notification.delivery_failed') {
          const failed = state.failed[key] ?? [];
          failed.push(seq);
          state.failed[key] = failed;
          sink.deviation('not-delivered', `${name(data.subject)} could not be delivered by ${name(data.channel)}.`);
          return;
        }
        if (outcome !== 'success') return;
        sink.occurrence();
        for (const given of state.failed[key] ?? []) sink.fixed('not-delivered', given);
        delete state.failed[key];
        const { broken } = state;
        if (action !== 'notification.alert_sent' || data.subject !== 'audit-trail-broken' || broken === null) return;
        state.broken = null;
        if (time > broken.time + ALERT_WITHIN_MS) late(sink, 'no-alert', NO_ALERT, broken.seq);
      },
      settle: ({ broken }, at, sink) => {
        if (broken !== null && at > broken.time + ALERT_WITHIN_MS) sink.deviation('no-alert', NO_ALERT, broken.seq);
      },
    },
    'watched',
  ),
};

const BACKUPS: ControlDefinition = {
  id: 'CP-01',
  name: 'Backups restored for proof',
  kind: 'technical',
  objective: 'The trail is backed up, and each backup is proven by restoring it and comparing its head.',
  frequency: 'monthly',
  effort: 'M',
  remedy: 'Back the workspace up at least once a month, and restore each backup for proof.',
  criteria: [
    soc2('A1.2', 'Backups of the trail are made and proven.'),
    soc2('A1.3', 'Each backup is restored, which is the test of recovery.'),
    soc2('CC7.5', 'What is needed to recover is there.'),
    soc2('PI1.5', 'Stored records can be restored complete.'),
    iso('A.8.13', 'Backups are made at a cadence and tested by restoring them.'),
    iso('A.5.29', 'Information is there after a disruption.'),
    iso('A.5.30', 'That it can be recovered is proven before it is needed.'),
    gdpr('32', 'Availability can be restored in time.'),
    lgpd('46', 'Backups are a technical measure against loss.'),
    kvkk('12', 'Backups are a technical measure against loss.'),
  ],
  needsOccurrence: true,
  selfCheck: true,
  test: defineTest<{ open: number[] }>(
    'CP-01',
    {
      actions: ['tenant.backup_verified'],
      occurrenceRule:
        'Each backup that was restored and found to be what it was made of (tenant.backup_verified, success).',
      deviationRule: 'A backup that could not be restored (not-restored); put right by the next one that can.',
      begin: () => ({ open: [] }),
      take: (state, { seq, record: { outcome } }, sink) => {
        if (outcome !== 'success') {
          state.open.push(seq);
          sink.deviation('not-restored', 'A backup could not be restored, or was not what it was made of.');
          return;
        }
        sink.occurrence();
        for (const about of state.open) sink.fixed('not-restored', about);
        state.open = [];
      },
    },
    'watched',
  ),
};

const TAKEN_UP_MS: Readonly<Record<string, number>> = { critical: HOUR, high: 4 * HOUR };
const OTHERS_TAKEN_UP_MS = DAY;
const INVESTIGATED_MS = DAY;

type Incident = { seq: number; due: number };
type Running = { seq: number; time: number };

/** An investigation that came to an end was there, whatever came of it. */
const ENDS: ReadonlySet<string> = new Set([
  'investigation.completed',
  'investigation.failed',
  'investigation.cancelled',
]);

const NOT_TAKEN_UP = 'Nobody took the incident up in time (critical: 1 hour, high: 4 hours, others: a day).';
const UNFINISHED = 'The investigation had no end on record a day after it began.';

const INCIDENTS: ControlDefinition = {
  id: 'IR-01',
  name: 'Incidents are followed through',
  kind: 'technical',
  objective:
    'Each incident is taken up in the time its severity allows, investigated to an end, and its course is on record.',
  frequency: 'event',
  effort: 'S',
  remedy: 'Take each incident up in time, end each investigation, and import alarms so that none is missed.',
  criteria: [
    soc2('CC7.3', 'Each incident is looked at in the time its severity allows.'),
    soc2('CC7.4', 'Each incident is responded to, and how is on record.'),
    soc2('CC7.5', 'Recovery from incidents is followed.'),
    soc2('CC2.2', 'The course of an incident is known to those who respond.'),
    soc2('P6.6', 'Whether personal data were touched is found out in time to tell people.'),
    iso('A.5.24', 'Incidents are managed by a set course.'),
    iso('A.5.25', 'Each event that becomes an incident is assessed, with its severity.'),
    iso('A.5.26', 'The response to each incident follows a set course.'),
    iso('A.5.27', 'What was found is on record to learn from.'),
    iso('A.5.28', 'What was seen of an incident is kept with its digests.'),
    gdpr('33', 'The course of a breach is documented.'),
    gdpr('34', 'What people have to be told can be found out.'),
    lgpd('48', 'Incidents are documented for being reported.'),
    kvkk('12', 'Breaches are documented for being reported.'),
  ],
  needsOccurrence: true,
  selfCheck: true,
  test: defineTest<{ waiting: ByText<Incident>; running: ByText<Running> }>(
    'IR-01',
    {
      actions: [
        'incident.created',
        'incident.assigned',
        'incident.status_changed',
        'incident.merged',
        'investigation.started',
        'investigation.completed',
        'investigation.failed',
        'investigation.cancelled',
      ],
      occurrenceRule: 'Each incident (incident.created, success).',
      deviationRule:
        'An incident nobody took up (investigation started or ended, somebody assigned, status changed or merged; success) within 1 hour when critical, 4 hours when high, a day otherwise (not-taken-up); an investigation with no end on record (completed, failed or cancelled) a day after it began (unfinished). Both are put right when it happens later.',
      begin: () => ({ waiting: {}, running: {} }),
      take: ({ waiting, running }, { seq, time, record: { action, outcome, target, links, data } }, sink) => {
        if (outcome === 'denied') return;
        const incident = slot(links?.incident ?? target.id);
        if (action === 'incident.created') {
          if (outcome !== 'success') return;
          sink.occurrence();
          const severity = readText(data.severity) ?? '';
          const within = Object.hasOwn(TAKEN_UP_MS, severity) ? TAKEN_UP_MS[severity] : undefined;
          waiting[incident] = { seq, due: time + (within ?? OTHERS_TAKEN_UP_MS) };
          return;
        }
        const open = waiting[incident];
        if (open !== undefined && (outcome === 'success' || ENDS.has(action))) {
          delete waiting[incident];
          if (time > open.due) late(sink, 'not-taken-up', NOT_TAKEN_UP, open.seq);
        }
        if (!action.startsWith('investigation.')) return;
        const investigation = slot(links?.investigation ?? target.id);
        if (action === 'investigation.started') {
          if (outcome === 'success') running[investigation] = { seq, time };
          return;
        }
        const begun = running[investigation];
        if (begun === undefined) return;
        delete running[investigation];
        if (time > begun.time + INVESTIGATED_MS) late(sink, 'unfinished', UNFINISHED, begun.seq);
      },
      settle: ({ waiting, running }, at, sink) => {
        for (const { seq, due } of Object.values(waiting)) {
          if (at > due) sink.deviation('not-taken-up', NOT_TAKEN_UP, seq);
        }
        for (const { seq, time } of Object.values(running)) {
          if (at > time + INVESTIGATED_MS) sink.deviation('unfinished', UNFINISHED, seq);
        }
      },
    },
    'watched',
  ),
};

export const OPERATION_CONTROLS: readonly ControlDefinition[] = [ALERTS, BACKUPS, INCIDENTS];
