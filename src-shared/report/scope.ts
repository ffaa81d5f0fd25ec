import { createElement as h, type ReactNode } from 'react';
import type { ReportDocument } from '../model/report.ts';
import { drawList, drawSmallTable } from './facts.ts';
import { countOf } from './format.ts';
import { showText } from './shown-text.ts';

/** What was looked at, what was left out, and the criteria it speaks to. */
export function Scope({ document }: { readonly document: ReportDocument }): ReactNode {
  const { inclusion, exclusion, criteria, frameworks } = document;
  const nameOf = (id: string) => frameworks.find((framework) => framework.id === id)?.name ?? id;
  return h(
    'div',
    null,
    h(
      'div',
      { className: 'r-two' },
      h('div', null, h('h3', null, 'Included'), drawRules(inclusion, 'No rule is stated.')),
      h('div', null, h('h3', null, 'Left out'), drawRules(exclusion, 'Nothing is left out by a rule.')),
    ),
    h('h3', null, `Criteria (${criteria.length})`),
    criteria.length === 0
      ? h('p', { className: 'r-empty' }, 'This report is not tied to criteria of a framework.')
      : drawSmallTable(
          `${countOf(criteria.length, 'criterion', 'criteria')} of this report`,
          ['Framework', 'Criterion', 'In our own words'],
          criteria.map(({ framework, id, name }) => [
            showText(nameOf(framework)),
            h('span', { className: 'r-id' }, showText(id)),
            showText(name),
          ]),
        ),
  );
}

const drawRules = (lines: readonly string[], none: string) =>
  lines.length === 0 ? h('p', { className: 'r-empty' }, none) : drawList(lines, showText);
