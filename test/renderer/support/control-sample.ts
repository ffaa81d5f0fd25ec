import type {
  ControlDetail,
  ControlRow,
  CriterionRow,
  FrameworkDetail,
  ReadinessPlan,
  ReviewView,
} from '#shared/ipc/compliance-views.ts';
import type { Channel } from '#shared/ipc/contract.ts';
import type { ControlKind, FrameworkId, Frequency } from '#shared/model/control.ts';
import {
  at,
  CRITERIA,
  controlRow,
  counting,
  DAY,
  DIGEST,
  FROM,
  LAST,
  LONG_WORD,
  NOW,
  type SampleSize,
  sampleControls,
  sampleExceptions,
  sampleOverview,
  TO,
} from './compliance-sample.ts';
import { PERSON } from './sample-access.ts';

export function sampleControl(id: string, size: SampleSize): ControlDetail {
  const controls = sampleControls(size);
  const control = controls.find((row) => row.id === id) ?? controlRow(0, size);
  const organizational = control.kind === 'organizational';
  const by = { id: PERSON.id, name: PERSON.name };
  return {
    counting: counting(size),
    control,
    objective: `What it governs happens only as it should: ${control.name.toLowerCase()}.`,
    occurrenceRule: 'Each record of a role that was given, changed or taken away, with the name of who did it.',
    deviationRule: 'A role that was changed by the person it belongs to, or that stayed a day after somebody left.',
    actions: ['tenant.user_added', 'tenant.user_role_changed', 'tenant.user_removed', 'tenant.control_updated'],
    criteria: control.criteria.map((criterion) => ({
      ...criterion,
      name: 'Logical access is limited to those who need it',
      why: 'Shows who was given access, by whom, and that nobody had more than their role.',
    })),
    effort: 'M',
    remedy: 'Name somebody who answers for it, and record when it was done, with the files that show it.',
    check: organizational
      ? null
      : { result: 'holds', detail: 'All 112 channels ask for a permission.', seq: LAST - 3, time: at(NOW - DAY) },
    notApplicable:
      control.status === 'not-applicable'
        ? { justification: 'There is no such system here, and none is planned.', by, time: at(NOW - 30 * DAY) }
        : null,
    days: Array.from({ length: 364 }, (_, day) => ({
      day: at(FROM + day * DAY).slice(0, 10),
      count: (day * 7) % 11 < 6 ? (day % 5) * (day % 4) : 0,
    })).filter(({ count }) => count > 0),
    periods: periodsOf(control),
    exceptions: sampleExceptions({ ...size, exceptions: Math.min(size.exceptions, 30) }).map((exception) => ({
      ...exception,
      control: control.id,
    })),
    evidence: Array.from({ length: 12 }, (_, index) => ({
      seq: LAST - index * 11,
      time: at(NOW - index * 7_200_000),
      action: 'tenant.user_role_changed' as const,
    })),
    performed: organizational
      ? [
          {
            seq: LAST - 40,
            time: at(NOW - 9 * DAY),
            on: at(NOW - 10 * DAY),
            by,
            note:
              size.long === true
                ? `${LONG_WORD} ${'was gone through with everybody. '.repeat(20)}`
                : 'Gone through with everybody who answers for a system; two findings, both assigned.',
            attachments: [
              {
                digest: DIGEST,
                name: size.long === true ? `${LONG_WORD}.pdf` : 'minutes.pdf',
                mediaType: 'application/pdf',
                bytes: 182_044,
                kept: true,
              },
              { digest: 'cd'.repeat(32), name: null, mediaType: 'text/csv', bytes: 812, kept: false },
            ],
          },
        ]
      : [],
    history: [
      { seq: LAST - 50, time: at(NOW - 20 * DAY), by, text: 'Owner changed to Demo Owner' },
      { seq: LAST - 90, time: at(NOW - 60 * DAY), by, text: 'Status went from gap to partial' },
    ],
  };
}

function periodsOf({ frequency }: ControlRow): ControlDetail['periods'] {
  const counts: Readonly<Partial<Record<Frequency, number>>> = {
    daily: 364,
    weekly: 52,
    monthly: 12,
    quarterly: 4,
    semiannual: 2,
    annual: 1,
  };
  const count = counts[frequency] ?? 0;
  return Array.from({ length: count }, (_, index) => {
    const length = (TO - FROM) / count;
    return {
      from: at(FROM + index * length),
      to: at(FROM + (index + 1) * length),
      count: index % 9 === 4 ? 0 : 2,
      state: index % 9 === 4 ? ('missed' as const) : ('met' as const),
    };
  });
}

export function sampleFramework(framework: FrameworkId, size: SampleSize): FrameworkDetail {
  const summary = sampleOverview(size).frameworks.find(({ id }) => id === framework) ?? {
    id: framework,
    name: framework,
    criteria: 1,
    evidenced: 0,
    designed: 0,
    nothing: 1,
  };
  const controls = sampleControls(size);
  const groups = ['Control environment', 'Logical and physical access', 'System operations', 'Change management'];
  return {
    counting: counting(size),
    framework: summary,
    source: 'Ids as published by the body that wrote them; names and explanations in own words.',
    licence: 'Ids are facts. No text of the standard is in here.',
    note: 'Evidence here is of this console, not of the organization as a whole.',
    criteria: Array.from({ length: summary.criteria }, (_, index): CriterionRow => {
      const state =
        index < summary.evidenced ? 'evidenced' : index < summary.evidenced + summary.designed ? 'designed' : 'nothing';
      return {
        id:
          framework === 'soc2'
            ? `CC${1 + Math.floor(index / 8)}.${1 + (index % 8)}`
            : `A.${5 + Math.floor(index / 37)}.${1 + (index % 37)}`,
        group: groups[Math.floor((index / summary.criteria) * groups.length)] ?? 'Other',
        name: size.long === true ? `Access is limited ${LONG_WORD}` : 'Access is limited to those who need it',
        explanation: 'People and programs get what their task needs, for as long as it needs it, and no more.',
        state,
        actions:
          state === 'nothing'
            ? []
            : [
                {
                  action: 'tenant.user_role_changed',
                  why: 'Shows who was given which role, and by whom.',
                  count: state === 'evidenced' ? 12 + index : 0,
                  lastSeq: state === 'evidenced' ? LAST - index : null,
                },
                {
                  action: 'auth.access_denied',
                  why: 'Shows that what was not allowed did not happen.',
                  count: state === 'evidenced' ? index : 0,
                  lastSeq: state === 'evidenced' && index > 0 ? LAST - 2 * index : null,
                },
              ],
        controls:
          state === 'nothing'
            ? []
            : controls.slice(index % 5, (index % 5) + 2).map(({ id, name, status }) => ({ id, name, status })),
        crosswalk: state === 'nothing' ? [] : [...CRITERIA.slice(index % 3, (index % 3) + 2)],
      };
    }),
  };
}

export function sampleReviews(size: SampleSize): readonly ReviewView[] {
  if (size.subjects === 0) return [];
  const by = { id: PERSON.id, name: PERSON.name };
  const subjects = Array.from({ length: size.subjects }, (_, index): ReviewView['subjects'][number] => ({
    id: index === 0 ? PERSON.id : `u-${String(index).padStart(12, '0')}`,
    name: index === 0 ? PERSON.name : size.long === true ? `${LONG_WORD} ${index}` : `Demo Person ${index}`,
    role: (['owner', 'admin', 'operator', 'viewer'] as const)[index % 4] ?? 'viewer',
    roleNow: index === 4 ? null : ((['owner', 'admin', 'operator', 'viewer'] as const)[index % 4] ?? 'viewer'),
    own: index === 0,
    decision:
      index === 2 || index === 3
        ? {
            decision: index === 2 ? 'keep' : 'revoke',
            by: { id: 'u-000000000009', name: 'Demo Reviewer' },
            time: at(NOW - DAY),
            seq: LAST - 5 - index,
            note: index === 2 ? 'Still on call for the checkout service.' : null,
          }
        : null,
  }));
  const review = { openedBy: by, root: DIGEST };
  return [
    {
      ...review,
      id: 'AR-2026-3',
      state: 'open',
      opened: at(NOW - 5 * DAY),
      due: at(NOW + 9 * DAY),
      closed: null,
      seq: LAST - 60,
      subjects,
    },
    {
      ...review,
      id: 'AR-2026-2',
      state: 'closed',
      opened: at(NOW - 100 * DAY),
      due: at(NOW - 86 * DAY),
      closed: at(NOW - 90 * DAY),
      seq: LAST - 9000,
      subjects: subjects.slice(2, 4).map((subject) => ({ ...subject, roleNow: null })),
    },
  ];
}

export function sampleReadiness(size: SampleSize): ReadinessPlan {
  const start = NOW - 25 * DAY;
  const controls = sampleControls(size).filter(({ status }) => status !== 'not-applicable');
  const week = 4;
  const stateOf = (index: number) => {
    const from = 1 + (index % 8);
    return from + (index % 3) < week ? ('late' as const) : from <= week ? ('under-way' as const) : ('to-come' as const);
  };
  const items = (track: ControlKind) =>
    controls
      .filter(({ kind }) => kind === track)
      .map((control, index) => ({
        control: control.id,
        name: control.name,
        criteria: control.criteria,
        effort: (['S', 'M', 'L'] as const)[index % 3] ?? 'S',
        status: control.status,
        owner: control.owner,
        remedy: 'Name somebody who answers for it, and record when it was done.',
        fromWeek: 1 + (index % 8),
        toWeek: Math.min(10, 1 + (index % 8) + (index % 3)),
        state: control.status === 'in-place' ? ('done' as const) : stateOf(index),
      }));
  const tracks = (['technical', 'organizational'] as const).map((track) => ({ track, items: items(track) }));
  const all = tracks.flatMap((track) => track.items);
  return {
    counting: counting(size),
    proposed: size.controls === 0,
    start: at(start),
    weeks: 10,
    today: at(NOW),
    done: all.filter(({ state }) => state === 'done').length,
    total: all.length,
    tracks,
    findings:
      size.controls === 0
        ? []
        : [
            {
              id: 'no-owner',
              level: 'sent-back',
              text: size.long === true ? `${LONG_WORD} has no owner` : 'Two organizational controls have no owner.',
              remedy: 'Name somebody who answers for each.',
              control: 'OR-02',
            },
            {
              id: 'recent',
              level: 'asked-about',
              text: 'The window begins 14 days before the first record.',
              remedy: 'Begin the window with the chain.',
              control: null,
            },
          ],
  };
}

/** The answers of a main process with this much to show. */
export function answerCompliance(size: SampleSize): Partial<Record<Channel, (input: unknown) => unknown>> {
  return {
    'people.list': () => [],
    'compliance.overview': () => sampleOverview(size),
    'compliance.checkNow': () => sampleOverview(size),
    'compliance.framework': (input) => sampleFramework((input as { framework: FrameworkId }).framework, size),
    'compliance.control': (input) => sampleControl((input as { control: string }).control, size),
    'compliance.updateControl': (input) => sampleControl((input as { control: string }).control, size),
    'compliance.exceptions': () => sampleExceptions(size),
    'compliance.readiness': () => sampleReadiness(size),
    'compliance.setPlan': () => sampleReadiness(size),
    'reviews.list': () => sampleReviews(size),
  };
}
