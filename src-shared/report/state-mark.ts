import { createElement as h, type ReactNode } from 'react';
import type { ReportState } from '../model/report.ts';
import { showText } from './shown-text.ts';

export type Tone = 'good' | 'warn' | 'bad' | 'calm';

interface StateLook {
  readonly tone: Tone;
  readonly word: string;
  /** Drawn in a box of 12 by 12: lines, and where needed a filled part. */
  readonly line: string;
  readonly fill?: string;
}

const RING = 'M6 1.2a4.8 4.8 0 1 1 0 9.6 4.8 4.8 0 0 1 0-9.6Z';
const CHECK = 'M2 6.6 4.8 9.4 10 3';
const CROSS = 'M2.8 2.8l6.4 6.4M9.2 2.8l-6.4 6.4';

/** Each state by tone, word and shape: no two that stand beside each other share a shape. */
const LOOKS: Readonly<Record<ReportState, StateLook>> = {
  'in-place': { tone: 'good', word: 'In place', line: CHECK },
  partial: { tone: 'warn', word: 'Partial', line: RING, fill: 'M6 1.2a4.8 4.8 0 0 0 0 9.6Z' },
  gap: { tone: 'bad', word: 'Gap', line: CROSS },
  'not-applicable': { tone: 'calm', word: 'Not applicable', line: 'M2.5 6h7' },
  met: { tone: 'good', word: 'Met', line: CHECK },
  late: { tone: 'warn', word: 'Late', line: `${RING}M6 3.4V6l2 1.4` },
  missed: { tone: 'bad', word: 'Missed', line: CROSS },
  'not-due': { tone: 'calm', word: 'Not due yet', line: RING },
  'no-data': { tone: 'calm', word: 'Not in force', line: 'M3 6h.01M6 6h.01M9 6h.01' },
  open: { tone: 'bad', word: 'Open', line: 'M6 1.4 11.2 10.6H.8ZM6 4.8v2.4M6 9v.01' },
  fixed: { tone: 'good', word: 'Fixed', line: `${RING}M3.8 6.2 5.4 7.8 8.2 4.4` },
  holds: { tone: 'good', word: 'Holds', line: CHECK },
  fails: { tone: 'bad', word: 'Fails', line: CROSS },
  info: { tone: 'calm', word: 'Recorded', line: '', fill: 'M6 3.4a2.6 2.6 0 1 1 0 5.2 2.6 2.6 0 0 1 0-5.2Z' },
};

export const toneOf = (state: ReportState): Tone => LOOKS[state].tone;
export const wordOf = (state: ReportState): string => LOOKS[state].word;

/** A state's shape. Always beside its word, so hidden from screen readers. */
export function drawShape(state: ReportState): ReactNode {
  const { line, fill } = LOOKS[state];
  return h(
    'svg',
    { className: 'r-shape', viewBox: '0 0 12 12', 'aria-hidden': true, focusable: 'false' },
    fill === undefined ? null : h('path', { d: fill, fill: 'currentColor' }),
    line === '' ? null : h('path', { d: line, fill: 'none', stroke: 'currentColor' }),
  );
}

/** A state as shape, word and colour. */
export function drawState(state: ReportState, word = wordOf(state)): ReactNode {
  return h('span', { className: `r-state r-${toneOf(state)}` }, drawShape(state), showText(word));
}
