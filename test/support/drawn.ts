import type { ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';

/** What something draws, as HTML. */
export const draw = (node: ReactNode): string => renderToStaticMarkup(node);

/** What a reader reads of HTML: no tags, no titles of charts, entities resolved, spaces as one. */
export function textOf(html: string): string {
  return html
    .replace(/<(style|script|title)\b[^>]*>.*?<\/\1>/gs, ' ')
    .replace(/<span class="r-code-point">([^<]*)<\/span>/g, '$1')
    .replace(/<\/(td|th|dt|dd|li|p|div|h\d|span)>/g, ' ')
    .replace(/<[^>]*>/g, '')
    .replace(/&#x27;|&#39;/g, "'")
    .replace(/&quot;/g, '"')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ')
    .trim();
}

export const countIn = (text: string, what: RegExp): number => text.match(what)?.length ?? 0;
