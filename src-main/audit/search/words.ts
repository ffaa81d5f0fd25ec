import type { AuditRecord } from '#shared/model/audit-record.ts';

/**
 * What free text finds in a record: its ids and its data, word by word. A word is a run of letters and digits, without
 * regard to case. Sealed values stay sealed and are no part of it; nor is what every record has (chain, tenant, key).
 */
const WORD = /[\p{L}\p{N}]+/gu;
/** A beginning shorter than this stands for whole words only: it would begin every other one. */
const SHORTEST_BEGINNING = 3;

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(WORD) ?? [];
}

/** Words that stand beside each other, in this order; the last may be the beginning of one. */
export interface Term {
  readonly words: readonly string[];
  readonly beginning: boolean;
}

/** Terms of a query: parted by spaces, or in double quotes; a record has to have them all. Empty: nothing to look for. */
export function parseText(text: string): readonly Term[] {
  const terms: Term[] = [];
  for (const [, quoted, bare] of text.matchAll(/"([^"]*)"|([^\s"]+)/g)) {
    const words = wordsOf(quoted ?? bare ?? '');
    const last = words.at(-1);
    if (last === undefined) continue;
    terms.push({ words, beginning: quoted === undefined && last.length >= SHORTEST_BEGINNING });
  }
  return terms;
}

/** The values of a record that are searched, each apart. */
function passagesOf(record: AuditRecord): string[] {
  const { action, outcome, actor, onBehalfOf, target, device, links, data } = record;
  const passages: string[] = [action, outcome, target.type, target.id];
  collect([actor, onBehalfOf, device], passages);
  if (links !== undefined) {
    const { traceparent: _, ...searched } = links; // unique to each record, and looked for by nobody
    collect(searched, passages);
  }
  collect(data, passages);
  return passages;
}

function collect(value: unknown, into: string[]): void {
  if (typeof value === 'string') into.push(value);
  else if (typeof value === 'number') into.push(String(value));
  else if (value !== null && typeof value === 'object' && !isSealed(value)) {
    for (const member of Object.values(value)) collect(member, into);
  }
}

function isSealed(value: object): boolean {
  return 'sealed' in value && Object.keys(value).length === 1;
}

/** Whether a record (and the hash it is stored under) has every term. */
export function hasTerms(terms: readonly Term[], record: AuditRecord, hash: string): boolean {
  const passages = [...passagesOf(record), hash].map(wordsOf);
  return terms.every((term) => passages.some((words) => hasTerm(term, words)));
}

function hasTerm({ words: wanted, beginning }: Term, words: readonly string[]): boolean {
  const last = wanted.length - 1;
  for (let start = 0; start + last < words.length; start++) {
    const found = wanted.every((word, offset) => {
      const there = words[start + offset];
      return beginning && offset === last ? there?.startsWith(word) === true : there === word;
    });
    if (found) return true;
  }
  return false;
}

/** Whether a record's JSON can have the terms at all: cheaper than parsing it. */
export function mayHaveTerms(terms: readonly Term[], json: string, hash: string): boolean {
  const text = json.toLowerCase();
  return terms.every(({ words }) => words.every((word) => text.includes(word) || hash.startsWith(word)));
}

/** Longer words (digests, mostly) are kept by their first letters: what is found is compared with the record anyway. */
const LONGEST = 32;
const KEPT = 20;

/** What the index keeps of a record. */
export function indexText(record: AuditRecord): string {
  return passagesOf(record)
    .map((passage) => wordsOf(passage).map(shorten).join(' '))
    .join(' ');
}

/** The FTS5 query for terms (https://sqlite.org/fts5.html#full_text_query_syntax); words hold letters and digits only. */
export function indexQuery(terms: readonly Term[]): string {
  return terms
    .map(({ words, beginning }) => {
      const kept = words.map((word, place) =>
        beginning && place === words.length - 1 ? cut(word, KEPT) : shorten(word),
      );
      return `"${kept.join(' ')}"${beginning ? ' *' : ''}`;
    })
    .join(' AND ');
}

function shorten(word: string): string {
  return word.length > LONGEST ? cut(word, KEPT) : word;
}

function cut(word: string, length: number): string {
  return word.length > length ? word.slice(0, length) : word;
}
