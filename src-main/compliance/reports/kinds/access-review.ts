import type { Block, ReportException, StateCell } from '#shared/model/report.ts';
import { leftOutOf } from '../../controls/access-on-record.ts';
import type { Campaign, ReviewSubject } from '../../register/register-state.ts';
import { column, duration, figure, row, sealed, state, table } from '../blocks/cells.ts';
import { controlTable, rulesTable } from '../blocks/control-blocks.ts';
import type { BuildContext } from '../build-context.ts';
import type { AccessChange, AccessCollected } from '../collecting/access.ts';
import { collected } from '../collectors.ts';
import { refused } from '../plan-report.ts';
import { accessAt, subjectsRoot, whatBecame } from './access-population.ts';
import { exceptionOf, type KindContent } from './kind-content.ts';

/** One review: whom it was about, who decided what, and what became of it. @throws CausewayError `bad-input` for one there is not */
export function accessReview(context: BuildContext): KindContent {
  const { evaluation, request } = context;
  const campaign = evaluation.register.campaigns.find(({ id }) => id === request.campaign);
  if (campaign === undefined) {
    throw refused('campaign', `No record up to ${evaluation.range.last} opens a review ${request.campaign}.`);
  }
  const access = collected(evaluation, 'access');
  const then = accessAt(access.changes, campaign.seq, campaign.opened);
  return {
    blocks: [
      atAGlance(campaign, then, access),
      decisionTable(campaign, access),
      populationTable(campaign, then),
      keyTable(campaign, then),
      controlTable('controls', 'Controls over access', context, context.controls),
      rulesTable('rules', context.controls),
    ],
    exceptions: findings(campaign, then, access, evaluation),
    inclusion: [
      `The review ${campaign.id}, opened in record ${campaign.seq}, with all that was decided in it and every change of access of the chain.`,
    ],
  };
}

function isOwn(subject: ReviewSubject, { humans }: AccessCollected): boolean {
  if (subject.decision === null) return false;
  const { by, seq } = subject.decision;
  const human = (id: string) => humans[`${seq} ${id}`] ?? id;
  return human(by) === human(subject.id);
}

function atAGlance(campaign: Campaign, then: readonly AccessChange[], access: AccessCollected): Block {
  const { subjects, closed } = campaign;
  const of = subjects.length;
  const decided = (which: string) => subjects.filter(({ decision }) => decision?.decision === which).length;
  const recomputed = subjectsRoot(subjects);
  const people = then.filter(({ kind }) => kind === 'user');
  return {
    block: 'figures',
    id: 'glance',
    title: 'At a glance',
    items: [
      figure('subjects', 'Frozen population', of),
      figure('keep', 'Keep', decided('keep'), { of }),
      figure('change', 'Change', decided('change'), { of }),
      figure('revoke', 'Revoke', decided('revoke'), { of }),
      figure('undecided', 'Not decided', subjects.filter(({ decision }) => decision === null).length, { of }),
      figure('own', 'Decided by the person themselves', subjects.filter((subject) => isOwn(subject, access)).length, {
        of,
      }),
      figure('people', 'People with access by the records', people.length, {
        note: 'When the review was opened, told from the records of people added, changed and removed.',
      }),
      figure('root', 'Root of the frozen population', campaign.root, { kind: 'hash' }),
      figure(
        'root-holds',
        'Root computed again',
        recomputed === campaign.root ? state('holds', 'The same') : state('fails', 'Another'),
        { kind: 'state', note: recomputed },
      ),
      figure('opened', 'Opened', campaign.opened, { kind: 'time' }),
      figure('by', 'Opened by', campaign.openedBy, { kind: 'id' }),
      figure('due', 'Due', campaign.due, { kind: 'time' }),
      figure('closed', 'Closed', closed?.time ?? null, { kind: 'time' }),
      figure(
        'took',
        'Took',
        closed === null ? 'not closed' : duration(Date.parse(closed.time) - Date.parse(campaign.opened)),
      ),
    ],
  };
}

const DECISIONS: Readonly<Record<string, StateCell>> = {
  keep: state('info', 'Keep'),
  change: state('info', 'Change'),
  revoke: state('info', 'Revoke'),
};

function decisionTable(campaign: Campaign, access: AccessCollected): Block {
  return table({
    id: 'decisions',
    title: 'Everybody in it, what was decided, and what became of it',
    columns: [
      column('subject', 'Person or key', 'id'),
      column('role', 'Role when it was opened'),
      column('decision', 'Decision', 'state'),
      column('by', 'By', 'id'),
      column('time', 'Decided', 'time'),
      column('seq', 'Record', 'seq'),
      column('note', 'Note'),
      column('own', 'By somebody else', 'state'),
      column('became', 'What became of it', 'state'),
      column('becameAt', 'When', 'time'),
      column('becameSeq', 'Record of that', 'seq'),
    ],
    rows: campaign.subjects.map((subject) => {
      const { id, role, decision } = subject;
      const became = whatBecame(subject, access.changes);
      return row(id, [
        id,
        role,
        decision === null
          ? state('missed', 'Not decided')
          : (DECISIONS[decision.decision] ?? state('info', decision.decision)),
        decision?.by ?? null,
        decision?.time ?? null,
        decision?.seq ?? null,
        decision === null ? null : sealed(decision.note),
        decision === null
          ? state('info', 'Not decided')
          : isOwn(subject, access)
            ? state('fails', 'No')
            : state('holds', 'Yes'),
        became.state,
        became.change?.time ?? null,
        became.change?.seq ?? null,
      ]);
    }),
    empty: 'Nobody is in it.',
  });
}

/** The frozen population against what the records say who had access then. */
function populationTable({ subjects }: Campaign, then: readonly AccessChange[]): Block {
  const frozen = new Map(subjects.map((subject) => [subject.id, subject]));
  const known = new Map(then.map((access) => [access.id, access]));
  const users = then.filter(({ kind }) => kind === 'user').map(({ id }) => id);
  const ids = [...new Set([...frozen.keys(), ...users])].sort();
  return table({
    id: 'population',
    title: 'Frozen population against the records',
    columns: [
      column('id', 'Id', 'id'),
      column('frozen', 'Role in the review'),
      column('chain', 'Role by the records'),
      column('since', 'Since record', 'seq'),
      column('agrees', 'Agrees', 'state'),
    ],
    rows: ids.map((id) => {
      const [one, other] = [frozen.get(id), known.get(id)];
      return row(id, [id, one?.role ?? null, other?.role ?? null, other?.seq ?? null, compare(one, other)]);
    }),
    empty: 'Nobody had access.',
    note: 'A person nobody is on record as having added is known to the review alone; one who had access and is not in the review was left out of it.',
  });
}

function compare(frozen: ReviewSubject | undefined, known: AccessChange | undefined): StateCell {
  if (frozen === undefined) return state('fails', 'Left out');
  if (known === undefined) return state('open', 'Not in the records');
  if (known.kind === 'user' && known.role !== frozen.role) return state('open', 'Another role');
  return state('holds', 'Yes');
}

function keyTable({ subjects }: Campaign, then: readonly AccessChange[]): Block {
  const frozen = new Set(subjects.map(({ id }) => id));
  return table({
    id: 'keys',
    title: 'API keys in force when it was opened',
    columns: [
      column('id', 'Key', 'id'),
      column('scopes', 'May'),
      column('by', 'Made by', 'id'),
      column('until', 'Valid until', 'time'),
      column('seq', 'Record', 'seq'),
      column('in', 'In the review', 'state'),
    ],
    rows: then
      .filter(({ kind }) => kind === 'api_key')
      .map(({ id, role, by, until, seq }) =>
        row(id, [
          id,
          role,
          by,
          until,
          seq,
          frozen.has(id) ? state('holds', 'Yes') : state('fails', 'Not in the review'),
        ]),
      ),
    empty: 'None was.',
    note: 'A key acts for a person and is decided on by itself: one that was in force and is not in the review was left out of it.',
  });
}

const idsOf = ({ subjects }: Campaign) => subjects.map(({ id }) => id);

/** The record that closed the first later review that left nobody out, with everybody decided on by somebody else. */
function putRight({ seq }: Campaign, campaigns: readonly Campaign[], access: AccessCollected): number | null {
  const closings = campaigns
    .filter((later) => later.seq > seq && later.subjects.every((one) => one.decision !== null && !isOwn(one, access)))
    .filter((later) => leftOutOf(accessAt(access.changes, later.seq, later.opened), idsOf(later)).length === 0)
    .flatMap(({ closed }) => closed?.seq ?? []);
  return closings.length === 0 ? null : Math.min(...closings);
}

function findings(
  campaign: Campaign,
  then: readonly AccessChange[],
  access: AccessCollected,
  { register: { campaigns }, head: { time: asOf } }: BuildContext['evaluation'],
): readonly ReportException[] {
  const { id, subjects, seq, opened, closed, due } = campaign;
  const found: ReportException[] = [];
  const add = (kind: string, text: string, at: { seq: number; time: string }, fixedBy: number | null = null) =>
    found.push(exceptionOf({ report: `${id}:${found.length + 1}`, kind, text, seq: at.seq, time: at.time, fixedBy }));
  const opening = { seq, time: opened };
  if (subjectsRoot(subjects) !== campaign.root)
    add('root', 'The root on record is not that of the frozen population.', opening);
  const missing = leftOutOf(then, idsOf(campaign));
  const whole = missing.length === 0 ? null : putRight(campaign, campaigns, access);
  for (const { id: person, kind } of missing) {
    const what = kind === 'user' ? person : `The API key ${person}`;
    add('left-out', `${what} had access and is not in the review.`, opening, whole);
  }
  for (const decided of access.notByPeople.filter(({ campaign: of }) => of === id)) {
    const text = `The access of ${decided.subject} was decided on by ${decided.by}, which is no person: it does not count.`;
    add('not-a-person', text, decided);
  }
  for (const subject of subjects) {
    const { decision } = subject;
    if (decision === null) {
      if (closed !== null) add('undecided', `The access of ${subject.id} was not decided on.`, closed);
      else if (asOf > due) add('overdue', `The access of ${subject.id} was not decided on when it was due.`, opening);
      continue;
    }
    if (isOwn(subject, access)) add('own-access', `${subject.id} decided on their own access.`, decision);
    if (decision.time > due)
      add('late', `The access of ${subject.id} was decided on after it was due.`, decision, decision.seq);
    const { state: became } = whatBecame(subject, access.changes);
    if (became.state === 'open')
      add(
        'not-carried-out',
        `${decision.decision} of ${subject.id} was decided, and no record shows it was done.`,
        decision,
      );
  }
  return found;
}
