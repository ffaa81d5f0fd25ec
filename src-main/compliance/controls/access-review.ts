import { ACCESS_ACTIONS, type AccessGiven, accessNow, leftOutOf, readAccess, takeAccess } from './access-on-record.ts';
import { type ControlDefinition, gdpr, iso, kvkk, lgpd, soc2 } from './control-definition.ts';
import { changeOf, defineTest } from './define-test.ts';
import { humanBehind, PEOPLE_ACTIONS, type PeopleOnRecord, takePeople } from './people-on-record.ts';
import { type ByText, late, name, readList, readObject, readText, readTime, slot } from './record-values.ts';

/** The control whose records access-review campaigns are. */
export const ACCESS_REVIEW = 'AR-01';

/** `waiting`: those of the frozen list nobody who may has decided on yet. */
type Campaign = { seq: number; due: number; waiting: ByText<true>; whole: boolean };
type Reviews = {
  people: PeopleOnRecord;
  access: ByText<AccessGiven>;
  open: ByText<Campaign>;
  /** Whatever its second opening says: the first list is the frozen one. */
  seen: ByText<true>;
  /** Closings with somebody undecided, until a review is closed with nobody. */
  undecided: number[];
  /** Openings with somebody left out, until a review of everybody is closed with nobody undecided. */
  leftOut: number[];
};

const MOST_NAMED = 5;

const OVERDUE = 'The access review was not closed when it was due.';

export const ACCESS_REVIEWS: ControlDefinition = {
  id: ACCESS_REVIEW,
  name: 'Access reviews',
  kind: 'organizational',
  objective:
    'Everybody with access is looked at each quarter, by somebody else: the list is frozen when it begins, and each access is kept, changed or revoked.',
  frequency: 'quarterly',
  effort: 'S',
  remedy:
    'Open a review of everybody with access, decide on each of them with a second person, and close it before it is due.',
  criteria: [
    soc2('CC6.2', 'That access is still authorised is looked at regularly.'),
    soc2('CC6.3', 'Access is changed and taken away by what a review finds.'),
    soc2('CC4.1', 'Access is evaluated at a set cadence.'),
    soc2('CC5.3', 'The policy on access is put into action.'),
    iso('A.5.18', 'All rights of access are reviewed at a set cadence.'),
    iso('A.5.15', 'Whether access follows the rules is looked at for everybody.'),
    iso('A.8.2', 'Owners and administrators are reviewed by somebody else.'),
    gdpr('32', 'Regular evaluation of who has access.'),
    lgpd('46', 'An administrative measure on access.'),
    kvkk('12', 'An administrative measure on access.'),
  ],
  needsOccurrence: true,
  selfCheck: false,
  test: defineTest<Reviews>(
    ACCESS_REVIEW,
    {
      actions: ['tenant.control_updated', ...PEOPLE_ACTIONS, ...ACCESS_ACTIONS],
      occurrenceRule:
        'Each access review closed (tenant.control_updated of this control, review-closed) after everybody on the list of its first opening was decided on, by records of its own: review-decided by a user who is not, as the chain shows, the human behind that access. What the closing says of itself is not counted.',
      deviationRule:
        'A review whose list leaves out somebody, or an API key, with access by the records before its opening (left-out, about its opening; put right when a later review that leaves nobody out is closed with nobody undecided); a review not closed when it is due (overdue, about its opening; put right when it is closed); a review closed with somebody undecided (undecided; put right by the next one closed with nobody); a decision by an API key or an agent (not-a-person); a decision on the access of oneself, or of an alias or API key of one’s own (self-review).',
      begin: () => ({ people: {}, access: {}, open: {}, seen: {}, undecided: [], leftOut: [] }),
      take: (state, entry, sink) => {
        const { seq, time, record } = entry;
        takePeople(state.people, record);
        const given = readAccess(record);
        if (given !== null) takeAccess(state.access, given);
        const change = record.action === 'tenant.control_updated' ? changeOf(entry) : null;
        if (change === null || record.data.control !== ACCESS_REVIEW) return;
        const campaign = slot(readText(change.campaign) ?? '');
        switch (change.kind) {
          case 'review-opened': {
            if (state.seen[campaign]) return;
            const ids = readList(change.subjects).map((one) => readText(readObject(one)?.id) ?? '');
            const waiting = Object.fromEntries(ids.map((id): [string, true] => [slot(id), true]));
            state.seen[campaign] = true;
            const missing = leftOutOf(accessNow(state.access, time), ids);
            state.open[campaign] = { seq, due: readTime(change.due) ?? time, waiting, whole: missing.length === 0 };
            if (missing.length > 0) {
              state.leftOut.push(seq);
              sink.deviation('left-out', `Had access and are not in the review: ${named(missing)}.`);
            }
            return;
          }
          case 'review-decided': {
            const subject = readText(change.subject);
            if (subject === null) return;
            const { id, type } = record.actor;
            if (humanBehind(state.people, subject) === humanBehind(state.people, id)) {
              sink.deviation('self-review', `${name(id)} decided on access of their own.`);
            } else if (type !== 'user') {
              sink.deviation('not-a-person', `The decision is by ${name(id)}, which is no person.`);
            } else {
              delete state.open[campaign]?.waiting[slot(subject)];
            }
            return;
          }
          case 'review-closed': {
            const opened = state.open[campaign];
            if (opened === undefined) return;
            delete state.open[campaign];
            if (time > opened.due) late(sink, 'overdue', OVERDUE, opened.seq);
            const undecided = Object.keys(opened.waiting).length;
            if (undecided > 0) {
              state.undecided.push(seq);
              sink.deviation('undecided', `The access review was closed with ${undecided} undecided.`);
              return;
            }
            sink.occurrence();
            for (const about of state.undecided) sink.fixed('undecided', about);
            state.undecided = [];
            if (!opened.whole) return;
            for (const about of state.leftOut) if (about < opened.seq) sink.fixed('left-out', about);
            state.leftOut = state.leftOut.filter((about) => about > opened.seq);
          }
        }
      },
      settle: ({ open }, at, sink) => {
        for (const { seq, due } of Object.values(open)) if (at > due) sink.deviation('overdue', OVERDUE, seq);
      },
    },
    'none',
  ),
};

function named(missing: readonly AccessGiven[]): string {
  const first = missing
    .slice(0, MOST_NAMED)
    .map(({ kind, id }) => (kind === 'user' ? name(id) : `the API key ${name(id)}`));
  const more = missing.length - first.length;
  return `${first.join(', ')}${more === 0 ? '' : ` and ${more} more`}`;
}
