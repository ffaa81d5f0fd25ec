import { createElement as h, type ReactNode } from 'react';
import type { ReportDocument, ReportPopulation } from '../model/report.ts';
import { drawHash, drawTime } from './cells.ts';
import { drawFacts, drawSmallTable } from './facts.ts';
import { countOf, formatCount } from './format.ts';
import { showText } from './shown-text.ts';
import { drawState } from './state-mark.ts';

/** All records of the chain, split into those in scope and those left out, and what ties them to the chain. */
export function Population({ document }: { readonly document: ReportDocument }): ReactNode {
  const { population, zone } = document;
  return h(
    'div',
    null,
    h(
      'div',
      { className: 'r-narrow' },
      drawSmallTable('How the population adds up', ['Records', { head: 'Count', kind: 'number' }], sumRows(population)),
    ),
    drawSum(population),
    drawFacts(
      [
        ['Range of the chain', `records ${population.range.first} to ${population.range.last}, every one of them read`],
        ['Hash of the last record', drawHash(population.head, true)],
        ['Newest checkpoint', drawCheckpoint(population, zone)],
        [
          'Root of the records in scope',
          population.root === null ? 'none: no record is in scope' : drawHash(population.root, true),
        ],
        ['Actions that count', drawActions(population.actions)],
      ],
      true,
    ),
  );
}

function sumRows({ inScope, excluded }: ReportPopulation): ReactNode[][] {
  return [
    ['In scope', formatCount(inScope)],
    ...excluded.map(({ reason, count }) => [showText(leftOut(reason)), formatCount(count)]),
  ];
}

const leftOut = (reason: string) => (/^left out\b/.test(reason) ? `L${reason.slice(1)}` : `Left out: ${reason}`);

/** The sum is done here and not taken on trust: a report whose numbers do not add up says so. */
function drawSum({ inScope, excluded, records }: ReportPopulation): ReactNode {
  const out = excluded.reduce((sum, { count }) => sum + count, 0);
  const adds = inScope + out === records;
  const sum = `${formatCount(inScope)} in scope + ${formatCount(out)} left out = ${formatCount(inScope + out)}`;
  return h(
    'p',
    { className: 'r-sum' },
    `${sum}; read: ${countOf(records, 'record')}. `,
    drawState(adds ? 'holds' : 'fails', adds ? 'Adds up' : 'Does not add up'),
  );
}

function drawCheckpoint({ checkpoint }: ReportPopulation, zone: string): ReactNode {
  if (checkpoint === null) return 'none up to the last record: the chain’s own head stands alone';
  return h(
    'span',
    null,
    `over ${countOf(checkpoint.size, 'record')}, root `,
    drawHash(checkpoint.root, true),
    ' at ',
    drawTime(checkpoint.at, zone),
  );
}

function drawActions(actions: readonly string[]): ReactNode {
  if (actions.length === 0) return 'none';
  return h('span', { className: 'r-tokens' }, ...actions.map((action) => h('span', { className: 'r-token' }, action)));
}
