import { createElement as h, type ReactNode } from 'react';
import type { ReportDocument } from '../model/report.ts';
import { drawList } from './facts.ts';
import { showText } from './shown-text.ts';

/** What it does not prove. */
export function Limits({ document }: { readonly document: ReportDocument }): ReactNode {
  return h('div', { className: 'r-limits' }, drawList(document.limits, showText));
}
