import { createElement as h, type ReactNode } from 'react';
import type { Block } from '../model/report.ts';
import { showText } from './shown-text.ts';

export type BlockOf<K extends Block['block']> = Extract<Block, { readonly block: K }>;

/** Paragraphs. */
export function TextBlock({ block }: { readonly block: BlockOf<'text'> }): ReactNode {
  if (block.paragraphs.length === 0) return h('p', { className: 'r-empty' }, 'Nothing is said here.');
  return h('div', { className: 'r-prose' }, ...block.paragraphs.map((text) => h('p', null, showText(text))));
}
