import { createElement as h, type ReactNode } from 'react';
import type { ReportDocument } from '../model/report.ts';
import { drawList } from './facts.ts';
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
    h('h3', null, `Criteria (${criteria.length}), named in our own words`),
    criteria.length === 0
      ? h('p', { className: 'r-empty' }, 'This report is not tied to criteria of a framework.')
      : h('div', null, ...groups(criteria).map(([id, named]) => drawGroup(nameOf(id), named, frameworks.length > 1))),
  );
}

type Criteria = ReportDocument['criteria'];

function groups(criteria: Criteria): [string, Criteria][] {
  const byFramework = new Map<string, Criteria>();
  for (const criterion of criteria) {
    byFramework.set(criterion.framework, [...(byFramework.get(criterion.framework) ?? []), criterion]);
  }
  return [...byFramework];
}

function drawGroup(framework: string, criteria: Criteria, several: boolean): ReactNode {
  return h(
    'div',
    { className: 'r-group' },
    several ? h('h4', null, showText(framework)) : null,
    h(
      'ul',
      { className: 'r-criteria' },
      ...criteria.map(({ id, name }) =>
        h('li', null, h('span', { className: 'r-id' }, showText(id)), h('span', null, showText(name))),
      ),
    ),
  );
}

const drawRules = (lines: readonly string[], none: string) =>
  lines.length === 0 ? h('p', { className: 'r-empty' }, none) : drawList(lines, showText);
