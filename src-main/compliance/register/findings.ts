import type { PreflightFinding } from '#shared/ipc/compliance-views.ts';
import { DAY } from '../controls/record-values.ts';
import type { RegisterSnapshot } from '../evaluation/register-snapshot.ts';
import { type ControlFacts, factsOf, latestOf } from './control-facts.ts';
import { isPlaceholder } from './placeholder.ts';
import type { SealedPlace } from './register-state.ts';
import { isOverdue, isStale } from './status.ts';
import type { ViewContext } from './views.ts';

const MOST_FINDINGS = 500;
/** Evidence that is all of the last two weeks, of a control that has been there for a quarter. */
const RECENT_MS = 14 * DAY;
const ESTABLISHED_MS = 90 * DAY;
const RECORDED_WITHIN_MS = 31 * DAY;

/** Exceptions that say somebody had their own work before them. */
const OWN_WORK: ReadonlySet<string> = new Set(['self-approval', 'own-review', 'one-person', 'self-review', 'own-role']);

type Needs = Pick<ViewContext, 'now' | 'disclosed'>;
type Told = Omit<PreflightFinding, 'id' | 'control'> & { readonly kind: string };

/** What an auditor would send back, or ask about, of the register as it is; of the former first. */
export function findingsOf(snapshot: RegisterSnapshot | null, context: Needs): PreflightFinding[] {
  const found = factsOf(snapshot, context.now).flatMap((facts) => {
    if (facts.entry?.notApplicable != null) return told(facts, [notApplicable(facts, context)]);
    return told(facts, [
      owner(facts),
      cadence(facts),
      stale(facts, snapshot),
      due(facts, context.now),
      missed(facts),
      recentOnly(facts, context.now),
      ownWork(facts),
      ...performances(facts, context),
    ]);
  });
  const all = [...found, ...reviews(snapshot, context.now)];
  const rank = ({ level }: PreflightFinding): number => (level === 'sent-back' ? 0 : 1);
  return all.sort((a, b) => rank(a) - rank(b)).slice(0, MOST_FINDINGS);
}

function told({ control }: ControlFacts, findings: readonly (Told | null)[]): PreflightFinding[] {
  return findings.flatMap((one) => {
    if (one === null) return [];
    const { kind, level, text, remedy } = one;
    return [{ id: `${kind}:${control.id}`, level, text: `${control.name}: ${text}`, remedy, control: control.id }];
  });
}

function owner({ control, entry }: ControlFacts): Told | null {
  if (control.kind !== 'organizational' || (entry?.owner ?? null) !== null) return null;
  return {
    kind: 'no-owner',
    level: 'sent-back',
    text: 'nobody owns it.',
    remedy: 'Name somebody who answers for it.',
  };
}

function cadence({ control, frequency }: ControlFacts): Told | null {
  if (control.kind !== 'organizational' || frequency !== 'event') return null;
  return {
    kind: 'no-cadence',
    level: 'asked-about',
    text: 'it has no cadence, so nobody can tell whether it was done often enough.',
    remedy: 'Say how often it is to be done.',
  };
}

function stale(
  { control, counts, frequency, due: next }: ControlFacts,
  snapshot: RegisterSnapshot | null,
): Told | null {
  if (control.kind !== 'organizational' || snapshot === null) return null;
  const { last } = counts;
  if (last === null) {
    return {
      kind: 'never',
      level: 'sent-back',
      text: 'there is no evidence that it was ever done.',
      remedy: control.remedy,
    };
  }
  if (!isStale(next, latestOf(snapshot))) return null;
  return {
    kind: 'stale',
    level: 'sent-back',
    text: `its newest evidence, of ${last.time.slice(0, 10)}, is older than its cadence (${frequency}).`,
    remedy: 'Do it again, and record it with what shows it.',
  };
}

function due({ entry }: ControlFacts, now: number): Told | null {
  const date = entry?.due ?? null;
  if (!isOverdue(date, now)) return null;
  return {
    kind: 'overdue',
    level: 'asked-about',
    text: `it was due on ${date.slice(0, 10)}.`,
    remedy: 'Do it and record it, or set another date and be ready to say why.',
  };
}

function missed({ periods, frequency }: ControlFacts): Told | null {
  const count = periods.filter(({ state }) => state === 'missed').length;
  if (count === 0) return null;
  return {
    kind: 'missed',
    level: 'sent-back',
    text: `the last twelve months are not covered: ${count} ${count === 1 ? 'period' : 'periods'} without an occurrence (${frequency}).`,
    remedy:
      'It stays an exception of the window. Have it done at its cadence from now on, and be ready to say what happened.',
  };
}

function recentOnly({ counts, days, frequency }: ControlFacts, now: number): Told | null {
  const [first] = days;
  const since = counts.inForceSince;
  const seldom = frequency === 'annual' || frequency === 'semiannual';
  if (first === undefined || since === null || seldom || now - since < ESTABLISHED_MS) return null;
  if (Date.parse(first.day) < now - RECENT_MS) return null;
  return {
    kind: 'recent-only',
    level: 'sent-back',
    text: 'all its evidence is of the last two weeks.',
    remedy: 'Choose a window it operated in throughout, or wait until there is one.',
  };
}

function ownWork({ exceptions }: ControlFacts): Told | null {
  const count = exceptions.filter(({ kind, state }) => state === 'open' && OWN_WORK.has(kind)).length;
  if (count === 0) return null;
  return {
    kind: 'own-work',
    level: 'sent-back',
    text: `somebody approved or reviewed their own work (${count} times).`,
    remedy: 'Have somebody else look at it, and make sure that there are two people for it.',
  };
}

function performances({ control, entry }: ControlFacts, context: Needs): (Told | null)[] {
  const performed = entry?.performed ?? [];
  const [newest] = performed;
  if (newest === undefined) return [];
  const placeholders = performed.filter(({ note }) => holdsPlaceholder(note, context)).length;
  const late = performed.filter(({ on, time }) => Date.parse(time) - Date.parse(on) > RECORDED_WITHIN_MS).length;
  return [
    placeholders === 0
      ? null
      : {
          kind: 'placeholder',
          level: 'sent-back',
          text: `what was written down is placeholder text (${placeholders} times).`,
          remedy: 'Record it again, and say what was done.',
        },
    newest.attachments.length > 0
      ? null
      : {
          kind: 'no-attachment',
          level: 'asked-about',
          text: `nothing is attached that shows it was done on ${newest.on.slice(0, 10)}.`,
          remedy: `Record it with the document: ${control.remedy}`,
        },
    late === 0
      ? null
      : {
          kind: 'recorded-late',
          level: 'asked-about',
          text: `it was recorded more than a month after it was done (${late} times).`,
          remedy: 'Record what is done within days.',
        },
  ];
}

function notApplicable({ entry }: ControlFacts, context: Needs): Told | null {
  const said = entry?.notApplicable ?? null;
  if (said === null) return null;
  const { seq, path } = said.justification;
  const text = context.disclosed(seq, path);
  if (text !== null && !isPlaceholder(text)) return null;
  return {
    kind: 'not-justified',
    level: 'sent-back',
    text: 'it is said to be not applicable, and there is no justification to read.',
    remedy: 'Say that it applies, and then why it does not.',
  };
}

function reviews(snapshot: RegisterSnapshot | null, now: number): PreflightFinding[] {
  return (snapshot?.state.campaigns ?? [])
    .filter(({ closed, due: date }) => closed === null && isOverdue(date, now))
    .map(({ id, due: date, subjects }) => {
      const left = subjects.filter(({ decision }) => decision === null).length;
      return {
        id: `review-overdue:${id}`,
        level: 'sent-back',
        text: `The access review ${id} was due on ${date.slice(0, 10)}; ${left} of ${subjects.length} are not decided.`,
        remedy: 'Decide on everybody and close it.',
        control: null,
      };
    });
}

function holdsPlaceholder({ seq, path }: SealedPlace, { disclosed }: Needs): boolean {
  const text = disclosed(seq, path);
  return text !== null && isPlaceholder(text);
}
