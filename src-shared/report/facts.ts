import { createElement as h, type ReactNode } from 'react';

/** A fact as name and value; a value of null is left out. */
export type Fact = readonly [name: ReactNode, value: ReactNode];

/** Facts in pairs, in two columns where there is room. `single`: one below the other, for long values. */
export function drawFacts(facts: readonly (Fact | null)[], single = false): ReactNode {
  return h(
    'dl',
    { className: single ? 'r-facts r-single' : 'r-facts' },
    ...facts.map((fact) =>
      fact === null ? null : h('div', { className: 'r-fact' }, h('dt', null, fact[0]), h('dd', null, fact[1])),
    ),
  );
}

/** A column by its heading; `number` stands at the end of its cell, `main` gets the room there is, `short` never wraps. */
export type Head = string | { readonly head: string; readonly kind: 'number' | 'main' | 'short' };

/** A short table of the report's own parts. */
export function drawSmallTable(
  label: string,
  heads: readonly Head[],
  rows: readonly (readonly ReactNode[])[],
): ReactNode {
  const kinds = heads.map((head) => `r-k-${typeof head === 'string' ? 'text' : head.kind}`);
  return h(
    'div',
    { className: 'r-scroll', role: 'region', 'aria-label': label, tabIndex: 0 },
    h(
      'table',
      { className: 'r-table' },
      h(
        'thead',
        null,
        h(
          'tr',
          null,
          ...heads.map((head, at) =>
            h('th', { scope: 'col', className: kinds[at] }, typeof head === 'string' ? head : head.head),
          ),
        ),
      ),
      h(
        'tbody',
        null,
        // a row is known by its place and never moves
        rows.map((cells, row) =>
          h('tr', { key: row }, ...cells.map((cell, at) => h('td', { className: kinds[at] }, cell))),
        ),
      ),
    ),
  );
}

export function drawList(lines: readonly string[], show: (line: string) => ReactNode): ReactNode {
  return h('ul', { className: 'r-list' }, ...lines.map((line) => h('li', null, show(line))));
}
