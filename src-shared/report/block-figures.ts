import { createElement as h, type ReactNode } from 'react';
import type { BlockOf } from './block-text.ts';
import { drawCell } from './cells.ts';
import { formatCount } from './format.ts';
import { showText } from './shown-text.ts';

type Item = BlockOf<'figures'>['items'][number];

/** Numbers to see at a glance as cards, everything else as facts in pairs below them. */
export function FiguresBlock({
  block,
  zone,
}: {
  readonly block: BlockOf<'figures'>;
  readonly zone: string;
}): ReactNode {
  const cards = block.items.filter(isGlance);
  const facts = block.items.filter((item) => !isGlance(item));
  return h(
    'div',
    { className: 'r-figures' },
    cards.length === 0 ? null : h('dl', { className: 'r-cards' }, ...cards.map((item) => drawCard(item, zone))),
    facts.length === 0 ? null : h('dl', { className: 'r-facts' }, ...facts.map((item) => drawFact(item, zone))),
  );
}

const isGlance = ({ value, kind }: Item) =>
  kind === 'number' || kind === 'state' || (typeof value === 'object' && value !== null && 'state' in value);

function drawCard(item: Item, zone: string): ReactNode {
  return h(
    'div',
    { className: 'r-card', key: item.id },
    h('dt', null, showText(item.label)),
    h('dd', null, drawValue(item, zone), drawNote(item)),
  );
}

function drawFact(item: Item, zone: string): ReactNode {
  return h(
    'div',
    { className: 'r-fact', key: item.id },
    h('dt', null, showText(item.label)),
    h('dd', null, drawCell(item.value, item.kind, zone), drawOf(item), drawNote(item)),
  );
}

function drawValue(item: Item, zone: string): ReactNode {
  return h('span', { className: 'r-big' }, drawCell(item.value, item.kind, zone), drawOf(item));
}

const drawOf = ({ of }: Item) => (of === undefined ? null : h('span', { className: 'r-of' }, ` of ${formatCount(of)}`));
const drawNote = ({ note }: Item) => (note === undefined ? null : h('span', { className: 'r-note' }, showText(note)));
