import { createElement as h, type ReactNode } from 'react';
import type { ReportDocument, ReportRequest } from '../model/report.ts';
import { drawHash } from './cells.ts';
import { drawFacts, type Fact } from './facts.ts';
import { formatUtc } from './format.ts';
import { KIND_NAMES } from './report-words.ts';
import { showText } from './shown-text.ts';

/** Everything that was asked for, with the digest it is known by, and the rules that were applied to it. */
export function Query({ document }: { readonly document: ReportDocument }): ReactNode {
  const { query, rules } = document;
  return h(
    'div',
    null,
    drawFacts(
      [
        ['Digest of the parameters', drawHash(query.digest, true)],
        ['Rules applied', h('span', null, 'version ', showText(rules.version))],
        ['Digest of the rules', drawHash(rules.digest, true)],
        ...drawParameters(query.request),
      ],
      true,
    ),
    h(
      'p',
      { className: 'r-note' },
      'Each digest is the SHA-256 of the canonical JSON (RFC 8785). The rules are the definitions of controls and frameworks and their tests: another build may have others, and then its digest is another.',
    ),
  );
}

function drawParameters(request: ReportRequest): Fact[] {
  const { criteria, filter, incident, campaign, sample } = request;
  return [
    ['kind', KIND_NAMES[request.kind]],
    ['window', `${formatUtc(request.window.from)} to ${formatUtc(request.window.to)}`],
    ['zone', showText(request.zone)],
    [
      'criteria',
      criteria === undefined
        ? 'all of the report’s frameworks'
        : showText(criteria.map(({ framework, id }) => `${framework} ${id}`).join(', ')),
    ],
    ['filter', filter === undefined ? 'none' : h('span', null, 'actors: ', showText(filter.actors.join(', ')))],
    ...(incident === undefined ? [] : [['incident', showText(incident)] as const]),
    ...(campaign === undefined ? [] : [['campaign', showText(campaign)] as const]),
    [
      'sample',
      sample === undefined
        ? 'none'
        : h('span', null, `number ${sample.number}, profile “`, showText(sample.profile.name), '”'),
    ],
    [
      'sealed values',
      request.disclose ? 'given in clear where the exporter chose so' : 'not given: their commitments stand for them',
    ],
  ];
}
