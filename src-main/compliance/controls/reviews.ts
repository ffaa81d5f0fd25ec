import { type ControlDefinition, iso, soc2 } from './control-definition.ts';
import { defineTest } from './define-test.ts';
import { humanBehind, PEOPLE_ACTIONS, type PeopleOnRecord, takePeople } from './people-on-record.ts';
import { type ByText, DAY, HOUR, late, name, readText, slot } from './record-values.ts';
import { beginWaiting, stillWaiting, takeFirst, type Waiting } from './waiting.ts';

const REVIEW_WITHIN_MS = 72 * HOUR;
const NOT_REVIEWED = 'An approval by one person alone was not reviewed by somebody else within 72 hours.';

type Alone = { seq: number; time: number; human: string; fault: number | null };

const BREAK_GLASS: ControlDefinition = {
  id: 'CM-02',
  name: 'Break-glass is reviewed',
  kind: 'technical',
  objective: 'What one person approved alone in an emergency is looked at by somebody else within 72 hours.',
  frequency: 'event',
  effort: 'S',
  remedy:
    'Have somebody else review each approval given alone within 72 hours, and say on record whether it was justified.',
  criteria: [
    soc2('CC8.1', 'Emergency changes are authorised afterwards.'),
    soc2('CC5.1', 'Where one person acted alone, a second one looks at it.'),
    soc2('CC4.1', 'The use of an exception is evaluated.'),
    iso('A.8.32', 'Emergency changes are followed up.'),
    iso('A.5.3', 'Duties that could not be separated are reviewed.'),
    iso('A.8.2', 'Use of a special right is reviewed.'),
  ],
  needsOccurrence: false,
  selfCheck: true,
  test: defineTest<{ people: PeopleOnRecord; due: ByText<Alone> }>(
    'CM-02',
    {
      actions: ['remediation.approved', 'tenant.protection_change_approved', ...PEOPLE_ACTIONS],
      occurrenceRule:
        'Each review of an approval given alone (tenant.protection_change_approved with the change break-glass-review, not denied, by another human than the approver).',
      deviationRule:
        'An approval given alone (remediation.approved with breakGlass) with no such review within 72 hours (review-missing, about the approval; put right by a later review); a review by the human who gave it (own-review); a review that found it not justified (not-justified).',
      begin: () => ({ people: {}, due: {} }),
      take: ({ people, due }, { seq, time, hash, record }, sink) => {
        takePeople(people, record);
        const { action, outcome, actor, data } = record;
        if (action === 'remediation.approved') {
          if (outcome !== 'success' || data.breakGlass === undefined) return;
          due[slot(hash)] = { seq, time, human: humanBehind(people, actor.id), fault: null };
          return;
        }
        if (action !== 'tenant.protection_change_approved' || data.change !== 'break-glass-review') return;
        if (outcome === 'denied') return;
        const key = slot(readText(data.changeDigest) ?? '');
        const approval = due[key];
        if (approval === undefined) return;
        if (humanBehind(people, actor.id) === humanBehind(people, approval.human)) {
          if (approval.fault === null) {
            approval.fault = seq;
            sink.deviation('own-review', `${name(actor.id)} reviewed an approval of their own.`);
          }
          return;
        }
        delete due[key];
        sink.occurrence();
        if (approval.fault !== null) sink.fixed('own-review', approval.fault);
        if (time > approval.time + REVIEW_WITHIN_MS) late(sink, 'review-missing', NOT_REVIEWED, approval.seq);
        if (outcome === 'failure') {
          sink.deviation('not-justified', 'The review found that it was not justified to approve alone.', approval.seq);
        }
      },
      settle: ({ due }, at, sink) => {
        for (const { seq, time } of Object.values(due)) {
          if (at > time + REVIEW_WITHIN_MS) sink.deviation('review-missing', NOT_REVIEWED, seq);
        }
      },
    },
    'watched',
  ),
};

/** What the console agrees on, and what the audit store then records of it. */
const AGREED_AS: Readonly<Record<string, string>> = {
  'signing-key-rotation': 'key-rotation',
  'break-acknowledgement': 'break-acknowledgement',
};
const AGREE_WITHIN_MS = HOUR;

type Open = { seq: number; time: number };
type Agreements = {
  people: PeopleOnRecord;
  alone: ByText<number>;
  /** Agreements nothing was carried out by yet, by when they were given. */
  agreed: ByText<Waiting<number>>;
  open: ByText<Waiting<Open>>;
};

/** An agreement is for one change, and nothing is carried out by one of the day before. */
const AGREED_FOR_MS = DAY;

const NOT_AGREED = 'A protection was changed, and no agreement of a second person to it is on record.';

export const PROTECTIONS: ControlDefinition = {
  id: 'CM-03',
  name: 'Two people for changes of protections',
  kind: 'technical',
  objective:
    'The signing key, the guardrail policies and the acknowledgement of a broken history are changed by one person only when another agrees.',
  frequency: 'event',
  effort: 'S',
  remedy: 'Have a second person in the workspace, so that changes of what protects the trail are agreed by two.',
  criteria: [
    soc2('CC8.1', 'Changes of the protections themselves are authorised by a second person.'),
    soc2('CC5.1', 'Nobody alone can weaken what everybody is watched by.'),
    soc2('CC6.1', 'Keys and policies are changed by two people.'),
    soc2('CC6.8', 'Changes of what guards the system are prevented unless agreed.'),
    iso('A.5.3', 'Whoever asks for a change of a protection is not who agrees to it.'),
    iso('A.8.32', 'Changes of protections go through approval.'),
    iso('A.8.24', 'The change of a signing key is agreed by two.'),
    iso('A.8.15', 'Nobody alone can tamper with the means of logging.'),
  ],
  needsOccurrence: false,
  selfCheck: true,
  test: defineTest<Agreements>(
    'CM-03',
    {
      actions: ['tenant.protection_change_approved', ...PEOPLE_ACTIONS],
      occurrenceRule:
        'Each agreement to a change of a protection (tenant.protection_change_approved, success, that names who asked), other than reviews of approvals given alone.',
      deviationRule:
        'An agreement by the human who asked (one-person; put right by a later agreement of two to the same change); a change the audit store recorded (signing-key-rotation, break-acknowledgement) with no agreement to it in the day before that no other change was carried out by, or within an hour after (second-person-missing).',
      begin: () => ({ people: {}, alone: {}, agreed: {}, open: {} }),
      take: ({ people, alone, agreed, open }, { seq, time, record }, sink) => {
        takePeople(people, record);
        const { action, outcome, actor, data } = record;
        const change = readText(data.change);
        if (action !== 'tenant.protection_change_approved' || outcome !== 'success' || change === null) return;
        if (change === 'break-glass-review') return;
        const requester = readText(data.requestedBy);
        if (requester !== null) {
          sink.occurrence();
          const about = slot(change, readText(data.changeDigest) ?? '');
          const before = alone[about];
          if (humanBehind(people, requester) === humanBehind(people, actor.id)) {
            alone[about] ??= seq;
            if (before === undefined) {
              sink.deviation('one-person', `${name(actor.id)} asked for a ${name(change)} and agreed to it.`);
            }
          } else if (before !== undefined) {
            delete alone[about];
            sink.fixed('one-person', before);
          }
          const waiting = takeFirst(open[slot(change)]);
          if (waiting === undefined) {
            const given = agreed[slot(change)] ?? beginWaiting();
            given.items.push(time);
            agreed[slot(change)] = given;
          } else if (time > waiting.time + AGREE_WITHIN_MS)
            late(sink, 'second-person-missing', NOT_AGREED, waiting.seq);
          return;
        }
        const asked = Object.hasOwn(AGREED_AS, change) ? AGREED_AS[change] : undefined;
        if (asked === undefined) return;
        for (let given = takeFirst(agreed[slot(asked)]); given !== undefined; given = takeFirst(agreed[slot(asked)])) {
          if (time <= given + AGREED_FOR_MS) return;
        }
        const waiting = open[slot(asked)] ?? beginWaiting();
        waiting.items.push({ seq, time });
        open[slot(asked)] = waiting;
      },
      settle: ({ open }, at, sink) => {
        for (const { seq, time } of Object.values(open).flatMap(stillWaiting)) {
          if (at > time + AGREE_WITHIN_MS) sink.deviation('second-person-missing', NOT_AGREED, seq);
        }
      },
    },
    'watched',
  ),
};

const CHECK_WITHIN_MS = DAY;
const NOT_VERIFIED = 'The change was neither checked against the signals of its incident nor rolled back within a day.';

const VERIFIED: ControlDefinition = {
  id: 'CM-04',
  name: 'Changes are checked afterwards',
  kind: 'technical',
  objective:
    'After a change was carried out, the signals of its incident are read again, or the change is rolled back.',
  frequency: 'event',
  effort: 'S',
  remedy: 'Keep the console running until the check after a change is on record, or roll the change back.',
  criteria: [
    soc2('CC8.1', 'Changes are tested for what they were to achieve.'),
    soc2('CC7.5', 'Recovery from an incident is checked.'),
    soc2('CC7.4', 'The response to an incident is followed to its outcome.'),
    soc2('A1.2', 'Whether a service recovered is read from its own signals.'),
    soc2('PI1.4', 'The outcome is compared with what was expected.'),
    iso('A.8.32', 'What a change achieved is compared with what it was for.'),
    iso('A.5.26', 'The response to an incident is followed to its outcome.'),
    iso('A.8.16', 'Signals are watched after a change.'),
  ],
  needsOccurrence: true,
  selfCheck: true,
  test: defineTest<{ open: ByText<Open> }>(
    'CM-04',
    {
      actions: ['remediation.executed', 'remediation.verified', 'remediation.rolled_back'],
      occurrenceRule:
        'Each check of an outcome (remediation.verified) and each change rolled back (remediation.rolled_back).',
      deviationRule:
        'A change carried out (remediation.executed, success) with neither of them for the same plan digest within a day (not-verified, about the change; put right by a later one).',
      begin: () => ({ open: {} }),
      take: ({ open }, { seq, time, record: { action, outcome, links, data } }, sink) => {
        const key = slot(readText(data.planDigest) ?? '', links?.request ?? '');
        if (action === 'remediation.executed') {
          if (outcome === 'success') open[key] = { seq, time };
          return;
        }
        if (action === 'remediation.rolled_back' && outcome !== 'success') return;
        sink.occurrence();
        const change = open[key];
        if (change === undefined) return;
        delete open[key];
        if (time > change.time + CHECK_WITHIN_MS) late(sink, 'not-verified', NOT_VERIFIED, change.seq);
      },
      settle: ({ open }, at, sink) => {
        for (const { seq, time } of Object.values(open)) {
          if (at > time + CHECK_WITHIN_MS) sink.deviation('not-verified', NOT_VERIFIED, seq);
        }
      },
    },
    'watched',
  ),
};

export const CHANGE_CONTROLS: readonly ControlDefinition[] = [BREAK_GLASS, PROTECTIONS, VERIFIED];
