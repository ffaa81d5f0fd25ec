import { createElement as h, type ReactNode } from 'react';
import type { Frequency } from '../model/control.ts';
import type { ReportDocument, ReportSample } from '../model/report.ts';
import { drawHash } from './cells.ts';
import { drawFacts, drawSmallTable, type Head } from './facts.ts';
import { formatCount } from './format.ts';
import { FREQUENCY_NAMES } from './report-words.ts';
import { showText } from './shown-text.ts';

const HEADS: readonly Head[] = [
  { head: 'Control', kind: 'short' },
  { head: 'Population', kind: 'number' },
  { head: 'Asked for', kind: 'number' },
  { head: 'Drawn', kind: 'number' },
  { head: 'Records, in the order drawn', kind: 'main' },
  'Root of the population',
];

/** How the sample was drawn, in words anyone can draw it again by, and what was drawn. */
export function Sample({ document }: { readonly document: ReportDocument }): ReactNode {
  const { sample, population } = document;
  if (sample === null) {
    return h(
      'p',
      { className: 'r-empty' },
      'No sample was asked for. The population above is complete; a sample can be drawn from it at any time.',
    );
  }
  return h(
    'div',
    null,
    drawMethod(sample, population.head),
    h('h3', null, 'Sizes'),
    h(
      'p',
      { className: 'r-prose' },
      'By the profile “',
      showText(sample.profile.name),
      '”, by how often a control operates; never more than there are. The sizes are the audit firm’s choice: no standard prescribes them.',
    ),
    drawSizes(sample),
    h('h3', null, 'Records drawn, in the order drawn'),
    sample.drawn.length === 0
      ? h('p', { className: 'r-empty' }, 'No control has a population to draw from.')
      : drawSmallTable(
          'Records drawn',
          HEADS,
          sample.drawn.map(({ control, population: size, asked, seqs, root }) => [
            h('span', { className: 'r-id' }, showText(control)),
            formatCount(size),
            formatCount(asked),
            formatCount(seqs.length),
            seqs.length === 0 ? 'none: there is nothing to draw' : h('span', { className: 'r-drawn' }, seqs.join(', ')),
            root === null ? '–' : drawHash(root),
          ]),
        ),
  );
}

function drawMethod({ seed, number }: ReportSample, head: string): ReactNode {
  return h(
    'div',
    null,
    drawFacts(
      [
        ['Hash of the last record (H)', drawHash(head, true)],
        ['Number the auditor typed (T)', h('code', { className: 'r-id' }, number)],
        ['Seed = SHA-256(H ‖ T)', drawHash(seed, true)],
      ],
      true,
    ),
    h(
      'div',
      { className: 'r-prose' },
      h(
        'p',
        null,
        'H is taken as its 32 bytes, T as the ASCII digits typed. Each draw is on record when it is made: earlier ones of the same window are named among the warnings.',
      ),
      h(
        'p',
        null,
        'Of each control with N records, in ascending order of their numbers, and for i = 0, 1, 2 …: v is the first 8 bytes, big-endian, of SHA-256(seed ‖ the control’s id in ASCII ‖ one zero byte ‖ i in 4 bytes, big-endian). A v of 2⁶⁴ − (2⁶⁴ mod N) or above is passed over, so that each record is as likely; else the record at place v mod N, counted from 0, is drawn, unless it has been already. This goes on until the size is reached or the population ends.',
      ),
    ),
  );
}

function drawSizes({ profile }: ReportSample): ReactNode {
  const order: Frequency[] = ['annual', 'semiannual', 'quarterly', 'monthly', 'weekly', 'daily', 'event'];
  return h(
    'dl',
    { className: 'r-sizes' },
    ...order.map((frequency) =>
      h('div', null, h('dt', null, FREQUENCY_NAMES[frequency]), h('dd', null, formatCount(profile.sizes[frequency]))),
    ),
  );
}
