import { createElement as h, type ReactNode } from 'react';
import type { ReportDocument } from '../model/report.ts';
import { countOf, daysBetween, formatDay, formatInZone, formatLastDay, formatUtc } from './format.ts';
import { isOfMoment } from './report-words.ts';

type Timed = Pick<ReportDocument, 'kind' | 'window' | 'zone'>;

/** The period in one line, for people. */
export function sayPeriod({ kind, window }: Timed): string {
  if (isOfMoment(kind)) return `At ${formatUtc(window.to)}`;
  return `${formatDay(window.from)} – ${formatLastDay(window.to)} · ${countOf(daysBetween(window.from, window.to), 'day')}`;
}

/** Both ends to the second, in UTC and in the document's zone, and which of them belongs to it. */
export function drawWindow({ window, zone }: Timed): ReactNode {
  return h(
    'span',
    { className: 'r-window' },
    drawEnd('from', window.from, 'included', zone),
    drawEnd('to', window.to, 'not included', zone),
  );
}

function drawEnd(word: string, iso: string, belongs: string, zone: string): ReactNode {
  const local = formatInZone(iso, zone);
  return h(
    'span',
    { className: 'r-end' },
    `${word} `,
    h('time', { dateTime: iso }, formatUtc(iso)),
    `, ${belongs}`,
    local === null ? null : ' ',
    local === null ? null : h('span', { className: 'r-zone' }, local),
  );
}
