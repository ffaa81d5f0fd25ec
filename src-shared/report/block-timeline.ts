import { createElement as h, type ReactNode } from 'react';
import type { BlockOf } from './block-text.ts';
import { drawSealed, drawTime } from './cells.ts';
import { countOf, formatCount, formatUtc } from './format.ts';
import { plainText, showText } from './shown-text.ts';
import { drawShape, drawState, toneOf } from './state-mark.ts';

type Entry = BlockOf<'timeline'>['entries'][number];

export interface TimelineProps {
  readonly block: BlockOf<'timeline'>;
  readonly zone: string;
  readonly anchor: string;
  /** How many entries are drawn at most; the others are counted. */
  readonly rows?: number;
}

/** What happened one after the other: where in time, as a strip, and each entry as a line. */
export function TimelineBlock({ block, zone, anchor, rows = Number.POSITIVE_INFINITY }: TimelineProps): ReactNode {
  const { entries } = block;
  if (entries.length === 0) return h('p', { className: 'r-empty' }, 'Nothing happened.');
  const hidden = Math.max(0, entries.length - rows);
  return h(
    'div',
    { className: 'r-timeline' },
    drawStrip(block, anchor),
    h(
      'ol',
      null,
      (hidden > 0 ? entries.slice(0, rows) : entries).map((entry) => h(TimelineEntry, { key: entry.id, entry, zone })),
    ),
    hidden === 0
      ? null
      : h(
          'p',
          { className: 'r-note' },
          `${countOf(hidden, 'more entry', 'more entries')} of ${formatCount(entries.length)}: in the saved report.`,
        ),
  );
}

function TimelineEntry({ entry, zone }: { readonly entry: Entry; readonly zone: string }): ReactNode {
  return h(
    'li',
    { className: `r-entry r-${toneOf(entry.state)}` },
    h('span', { className: 'r-entry-mark' }, drawShape(entry.state)),
    h('span', { className: 'r-entry-when' }, drawTime(entry.time, zone)),
    h(
      'div',
      { className: 'r-entry-what' },
      h(
        'p',
        null,
        showText(entry.text),
        entry.state === 'info' ? null : ' ',
        entry.state === 'info' ? null : drawState(entry.state),
      ),
      h(
        'p',
        { className: 'r-entry-who' },
        showText(entry.who),
        ' ',
        ' ',
        h('span', { className: 'r-id' }, `record ${entry.seq}`),
      ),
      ...entry.sealed.map((cell) =>
        h(
          'p',
          { className: 'r-entry-seal' },
          h('span', { className: 'r-note' }, showText(cell.path)),
          ' ',
          drawSealed(cell),
        ),
      ),
    ),
  );
}

const WIDTH = 720;
const LEFT = 6;

/** All entries on a line of time; those that tell of a state stand higher. */
function drawStrip({ title, entries }: BlockOf<'timeline'>, anchor: string): ReactNode {
  const times = entries.map(({ time }) => Date.parse(time));
  const from = times.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY);
  const to = times.reduce((most, time) => Math.max(most, time), Number.NEGATIVE_INFINITY);
  const at = (time: number) =>
    Math.round((LEFT + ((time - from) / Math.max(1, to - from)) * (WIDTH - 2 * LEFT)) * 10) / 10;
  const [first, last] = [formatUtc(new Date(from).toISOString()), formatUtc(new Date(to).toISOString())];
  const telling = entries.filter(({ state }) => state !== 'info');
  const quiet = new Set(entries.filter(({ state }) => state === 'info').map(({ time }) => at(Date.parse(time))));
  return h(
    'svg',
    { className: 'r-strip', viewBox: `0 0 ${WIDTH} 44`, role: 'img', 'aria-labelledby': `${anchor}-t ${anchor}-d` },
    h('title', { id: `${anchor}-t` }, plainText(title)),
    h('desc', { id: `${anchor}-d` }, `${countOf(entries.length, 'entry', 'entries')} from ${first} to ${last}.`),
    h('path', { className: 'r-axis', d: `M0 26H${WIDTH}` }),
    h('path', { className: 'r-tick', d: [...quiet].map((x) => `M${x} 22v8`).join('') }),
    ...telling.map(({ time, state }) =>
      h('path', { className: `r-flag r-${toneOf(state)}`, d: flagOf(at(Date.parse(time)), toneOf(state)) }),
    ),
    h('text', { x: 0, y: 42 }, first),
    from === to ? null : h('text', { x: WIDTH, y: 42, textAnchor: 'end' }, last),
  );
}

/** A pole with a head: round for good, a diamond for a warning, a cross for bad. */
function flagOf(x: number, tone: string): string {
  const pole = `M${x} 26V14`;
  if (tone === 'bad') return `${pole}M${x - 3.5} 4.5l7 7M${x + 3.5} 4.5l-7 7`;
  if (tone === 'warn') return `${pole}M${x} 3.5l4.5 4.5-4.5 4.5-4.5-4.5z`;
  return `${pole}M${x} 4a4 4 0 1 1 0 8a4 4 0 0 1 0-8z`;
}
