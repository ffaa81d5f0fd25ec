import type { Citation } from '#shared/model/evidence.ts';

/** The value a JSON pointer (RFC 6901) names inside a document, undefined when there is none. */
export function readPointer(document: unknown, pointer: string): unknown {
  if (pointer === '') return document;
  if (!pointer.startsWith('/')) return undefined;
  let value = document;
  for (const escaped of pointer.slice(1).split('/')) {
    const token = escaped.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(value)) value = /^(0|[1-9]\d{0,9})$/.test(token) ? value[Number(token)] : undefined;
    else if (typeof value === 'object' && value !== null && Object.hasOwn(value, token))
      value = (value as Readonly<Record<string, unknown>>)[token];
    else return undefined;
  }
  return value;
}

/** Whether a citation names rows that are there: a claim whose citation does not resolve is not shown. */
export function citationResolves(citation: Citation, open: (digest: string) => unknown): boolean {
  const rows = readPointer(open(citation.digest), citation.pointer);
  return Array.isArray(rows) && citation.from < citation.to && citation.to <= rows.length;
}
