import { createElement as h, type ReactNode } from 'react';
import type { ReportDocument } from '../model/report.ts';
import { Alerts } from './alerts.ts';
import { drawHash, drawTime } from './cells.ts';
import { drawFacts } from './facts.ts';
import { countOf, formatCount } from './format.ts';
import { drawWindow, sayPeriod } from './period.ts';
import { isOfMoment, KIND_NAMES } from './report-words.ts';
import { showText } from './shown-text.ts';
import { drawState } from './state-mark.ts';

export interface Signature {
  readonly key: string;
  readonly alg: string;
  readonly value: string;
}

export interface CoverProps {
  readonly document: ReportDocument;
  readonly digest: string;
  readonly signature: Signature | null;
}

/** The first page: what has to be read first, what the report is, and by which digest it is known. */
export function Cover({ document, digest, signature }: CoverProps): ReactNode {
  return h(
    'header',
    { className: 'r-cover' },
    h(
      'p',
      { className: 'r-mast' },
      drawMark(),
      h('span', { className: 'r-brand' }, showText(document.system.product)),
      h('span', { className: 'r-mast-end' }, 'Evidence report'),
    ),
    h(Alerts, { document }),
    h('p', { className: 'r-kicker' }, KIND_NAMES[document.kind]),
    h('h1', null, showText(document.title)),
    h('p', { className: 'r-lead' }, sayPeriod(document)),
    drawGlance(document),
    drawIdentity(document),
    drawSeal({ document, digest, signature }),
  );
}

function drawMark(): ReactNode {
  return h(
    'svg',
    { className: 'r-mark', viewBox: '0 0 20 20', 'aria-hidden': true, focusable: 'false' },
    h('rect', { width: 20, height: 20, rx: 5.5 }),
    h('path', { d: 'M4 13c3.2 0 3.6-6 6.2-6S13 13 16 13', fill: 'none' }),
  );
}

function drawIntegrity(holds: boolean, contradicted: boolean): ReactNode {
  if (!holds) return drawState('fails', 'Broken');
  return contradicted ? drawState('fails', 'Contradicted') : drawState('holds', 'Holds');
}

function drawGlance(document: ReportDocument): ReactNode {
  const { exceptions, sample, integrity, hiddenByFilter, made } = document;
  const open = exceptions.filter(({ state }) => state === 'open').length;
  const drawn = sample?.drawn.reduce((sum, { seqs }) => sum + seqs.length, 0) ?? 0;
  return h(
    'dl',
    { className: 'r-cards' },
    drawRecords(document),
    drawCard(
      'Exceptions',
      formatCount(exceptions.length),
      `${formatCount(open)} open · ${formatCount(exceptions.length - open)} fixed · ${hiddenByFilter === 0 ? 'none hidden' : `${formatCount(hiddenByFilter)} outside the filter, listed too`}`,
    ),
    sample === null
      ? drawCard('Sample', 'None', 'none was asked for')
      : drawCard('Sample', formatCount(drawn), `records for ${countOf(sample.drawn.length, 'control')}`),
    drawCard(
      'Integrity',
      drawIntegrity(integrity.state === 'holds', made.history !== undefined),
      `${countOf(integrity.checked, 'record')} checked`,
    ),
  );
}

/** Of an incident only its own records are told: those in scope are all of such kinds in the window. */
function drawRecords({ kind, blocks, population }: ReportDocument): ReactNode {
  const read = formatCount(population.records);
  const glance = blocks.find(({ id }) => id === 'glance');
  const own = glance?.block === 'figures' ? glance.items.find(({ id }) => id === 'records')?.value : undefined;
  if (kind === 'incident' && typeof own === 'number') {
    const note = `of ${read} read; ${formatCount(population.inScope)} of such kinds are in the window, with those of other incidents`;
    return drawCard('Records of the incident', formatCount(own), note);
  }
  const out = formatCount(population.records - population.inScope);
  return drawCard(
    'Records in scope',
    formatCount(population.inScope),
    `of ${read} read; ${out} left out, with reasons`,
  );
}

function drawCard(name: string, value: ReactNode, note: string): ReactNode {
  return h(
    'div',
    { className: 'r-card' },
    h('dt', null, name),
    h('dd', null, h('span', { className: 'r-big' }, value), h('span', { className: 'r-note' }, note)),
  );
}

function drawIdentity(document: ReportDocument): ReactNode {
  const { system, population, asOf, made, zone } = document;
  return drawFacts([
    ['Frameworks', drawFrameworks(document)],
    ['System and tenant', h('span', null, showText(system.product), ' · ', showText(system.tenant))],
    ['Chain', h('span', { className: 'r-id' }, showText(system.chain))],
    ['Records', `${population.range.first} to ${population.range.last}`],
    [isOfMoment(document.kind) ? 'Window before that moment' : 'Observation window', drawWindow(document)],
    ['As of', h('span', null, drawTime(asOf.time, zone), h('span', { className: 'r-note' }, `record ${asOf.seq}`))],
    [
      'Made by',
      h('span', null, showText(made.by), h('span', { className: 'r-note' }, 'on device ', showText(made.device))),
    ],
    [
      'Made at, with',
      h(
        'span',
        null,
        drawTime(made.at, zone),
        h('span', { className: 'r-note' }, showText(`${made.build.name} ${made.build.version}`)),
      ),
    ],
  ]);
}

function drawFrameworks({ frameworks, criteria }: ReportDocument): ReactNode {
  if (frameworks.length === 0) return 'none: this report is not tied to one';
  return h(
    'span',
    null,
    ...frameworks.map(({ id, name, criteria: all }) => {
      const named = criteria.filter(({ framework }) => framework === id).length;
      return h(
        'span',
        { className: 'r-line' },
        showText(name),
        h(
          'span',
          { className: 'r-of' },
          ` ${named === all ? 'all' : `${named} of`} ${countOf(all, 'criterion', 'criteria')} looked at`,
        ),
      );
    }),
  );
}

/** What ties the page to its data and to the chain: whoever holds these can tell any other report from this one. */
function drawSeal({ document, digest, signature }: CoverProps): ReactNode {
  const { population, query, sample } = document;
  return h(
    'div',
    { className: 'r-sealbox' },
    drawFacts(
      [
        ['Report digest', drawHash(digest, true)],
        [
          'Signed by the chain’s key',
          signature === null
            ? 'not signed'
            : h('span', null, h('code', { className: 'r-id' }, signature.key), ` · ${signature.alg}`),
        ],
        [`Hash of record ${population.range.last}`, drawHash(population.head, true)],
        ['Newest checkpoint', drawCheckpoint(population)],
        ['Parameters digest', drawHash(query.digest, true)],
        sample === null ? null : ['Sample seed', drawHash(sample.seed, true)],
      ],
      true,
    ),
  );
}

function drawCheckpoint({ checkpoint }: ReportDocument['population']): ReactNode {
  if (checkpoint === null) return 'none';
  return h(
    'span',
    null,
    drawHash(checkpoint.root, true),
    h('span', { className: 'r-of' }, ` over ${countOf(checkpoint.size, 'record')}`),
  );
}
