import type { Block, Cell, Column, Reperformed, ReportDocument } from '#shared/model/report.ts';
import { clip } from './blocks/cells.ts';
import { isSealedCell } from './disclosures.ts';

export interface Comparison {
  /** Values looked at. */
  readonly figures: number;
  /** Sealed values the report gives that the chain file does not. */
  readonly notGiven: number;
  readonly differences: Reperformed['differences'];
  readonly differenceCount: number;
}

const MOST = 1000;
const LONGEST = 500;
const ABSENT = 'not there';

/** What the members of a document are called where a difference is named. */
const NAMES: Readonly<Record<string, string>> = {
  asOf: 'As of',
  criteria: 'Criteria',
  exceptions: 'Exceptions',
  exclusion: 'What is left out',
  frameworks: 'Frameworks',
  hiddenByFilter: 'Exceptions the filter would have hidden',
  inclusion: 'What is in scope',
  integrity: 'Integrity of the records',
  kind: 'Kind of report',
  limits: 'What it does not prove',
  population: 'Population',
  query: 'Parameters',
  sample: 'Sample',
  system: 'System',
  title: 'Title',
  warnings: 'Warnings',
  window: 'Observation window',
  zone: 'Time zone',
  inScope: 'records in scope',
  records: 'records in all',
  seqs: 'record numbers',
  root: 'Merkle root',
  head: 'hash of the newest record',
  excluded: 'records excluded',
  number: 'number the auditor chose',
  seed: 'seed',
  drawn: 'drawn for control',
  asked: 'size asked for',
};

/**
 * Compares a report with the one computed again, but for who made it when, and for the name of the rules: both are told by
 * checks of their own. Differences are named by place, in words.
 */
export function compareReports(report: ReportDocument, again: ReportDocument): Comparison {
  const book = new DifferenceBook(report.query.request.disclose);
  const { blocks, made: _, rules: _rules, ...rest } = report;
  const { blocks: blocksAgain, made: __, rules: __rules, ...restAgain } = again;
  for (const name of members(rest, restAgain)) {
    compareValues(book, NAMES[name] ?? name, member(rest, name), member(restAgain, name), null);
  }
  compareById(book, 'Part', blocks, blocksAgain, (where, one, other) => compareBlocks(book, where, one, other));
  return book.result();
}

class DifferenceBook {
  readonly #disclose: boolean;
  readonly #differences: Reperformed['differences'] = [];
  #count = 0;
  #figures = 0;
  #notGiven = 0;

  constructor(disclose: boolean) {
    this.#disclose = disclose;
  }

  /** Two values at one place. */
  see(where: string, report: unknown, again: unknown, seq: number | null): void {
    this.#figures++;
    if (report !== again) this.differ(where, show(report), show(again), seq);
  }

  /** A sealed value's text: only a text the file discloses can be held against it. */
  seeText(where: string, report: string | null, again: string | null, seq: number): void {
    if (this.#disclose && again === null && report !== null) this.#notGiven++;
    else if (this.#disclose && report === null) this.#figures++;
    else this.see(where, report, again, seq);
  }

  differ(where: string, report: string, recomputed: string, seq: number | null): void {
    this.#count++;
    if (this.#differences.length >= MOST) return;
    const text = (value: string) => clip(value.toWellFormed(), LONGEST);
    this.#differences.push({ where: text(where), report: text(report), recomputed: text(recomputed), seq });
  }

  result(): Comparison {
    return {
      figures: this.#figures,
      notGiven: this.#notGiven,
      differences: this.#differences,
      differenceCount: this.#count,
    };
  }
}

function compareBlocks(book: DifferenceBook, where: string, one: Block, other: Block): void {
  if (one.block !== 'table' || other.block !== 'table') {
    compareValues(book, where, one, other, null);
    return;
  }
  const { rows, ...head } = one;
  const { rows: rowsAgain, ...headAgain } = other;
  compareValues(book, where, head, headAgain, null);
  const columns = other.columns;
  compareById(book, where, rows, rowsAgain, (place, row, again) => {
    const seq = seqOf(columns, again.cells) ?? seqOf(columns, row.cells);
    const most = Math.max(row.cells.length, again.cells.length);
    for (let at = 0; at < most; at++) {
      compareValues(book, `${place}, ${columns[at]?.label ?? `cell ${at + 1}`}`, row.cells[at], again.cells[at], seq);
    }
  });
}

function seqOf(columns: readonly Column[], cells: readonly Cell[]): number | null {
  const found = cells[columns.findIndex(({ kind }) => kind === 'seq')];
  return typeof found === 'number' ? found : null;
}

/** Whatever JSON can say, member by member; entries of a list that have an id are told by it, wherever they stand. */
function compareValues(book: DifferenceBook, where: string, one: unknown, other: unknown, seq: number | null): void {
  if (isSealedCell(one) && isSealedCell(other)) {
    book.see(
      `${where}, commitment`,
      `${one.sealed} ${one.seq} ${one.path}`,
      `${other.sealed} ${other.seq} ${other.path}`,
      other.seq,
    );
    book.seeText(where, one.text, other.text, other.seq);
    return;
  }
  if (Array.isArray(one) && Array.isArray(other)) {
    compareLists(book, where, one, other, seq);
    return;
  }
  if (isMembers(one) && isMembers(other)) {
    const about = numberOf(other.seq) ?? numberOf(one.seq) ?? seq;
    for (const name of members(one, other)) {
      compareValues(book, `${where}, ${NAMES[name] ?? name}`, one[name], other[name], about);
    }
    return;
  }
  book.see(where, one, other, seq);
}

function compareLists(book: DifferenceBook, where: string, one: unknown[], other: unknown[], seq: number | null): void {
  if ([...one, ...other].every((item) => keyOf(item) !== null)) {
    const keyed = (items: unknown[]) => items.map((item) => ({ id: keyOf(item) ?? '', item }));
    compareById(book, where, keyed(one), keyed(other), (place, left, right) =>
      compareValues(book, place, left.item, right.item, seq),
    );
    return;
  }
  for (let at = 0; at < Math.max(one.length, other.length); at++) {
    compareValues(book, `${where}, line ${at + 1}`, one[at], other[at], seq);
  }
}

type Named = { readonly id: string; readonly title?: string };

/** Entries told by their id: those that are only in one list are named, the others compared, and their order. */
function compareById<T extends Named>(
  book: DifferenceBook,
  where: string,
  one: readonly T[],
  other: readonly T[],
  compare: (where: string, one: T, other: T) => void,
): void {
  const [left, right] = [byId(one), byId(other)];
  for (const [id, item] of left) {
    const place = placeOf(where, id, item);
    const again = right.get(id);
    if (again === undefined) book.differ(place, show(item), ABSENT, seqWithin(item));
    else compare(place, item, again);
  }
  for (const [id, item] of right) {
    if (!left.has(id)) book.differ(placeOf(where, id, item), ABSENT, show(item), seqWithin(item));
  }
  const common = [...left.keys()].filter((id) => right.has(id));
  const order = [...right.keys()].filter((id) => left.has(id));
  const moved = common.find((id, at) => order[at] !== id);
  if (moved !== undefined)
    book.differ(`${where}, order`, `${moved} stands here`, `${order[common.indexOf(moved)]} stands here`, null);
}

function placeOf(where: string, id: string, { title }: Named): string {
  return title === undefined ? `${where}, ${id}` : `“${title}”`;
}

/** An id that comes again is numbered. */
function byId<T extends Named>(items: readonly T[]): Map<string, T> {
  const found = new Map<string, T>();
  const times = new Map<string, number>();
  for (const item of items) {
    const time = (times.get(item.id) ?? 0) + 1;
    times.set(item.id, time);
    found.set(time === 1 ? item.id : `${item.id} (no. ${time})`, item);
  }
  return found;
}

/** What an entry of a list is known by. */
function keyOf(item: unknown): string | null {
  if (!isMembers(item)) return null;
  for (const name of ['id', 'control', 'reason', 'from', 'seq']) {
    const value = item[name];
    if (typeof value === 'string' || typeof value === 'number') {
      return name === 'id' && typeof item.framework === 'string' ? `${item.framework} ${value}` : String(value);
    }
  }
  return null;
}

function seqWithin(item: unknown): number | null {
  if (!isMembers(item)) return null;
  return numberOf(item.seq) ?? seqWithin(item.item);
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

function members(one: object, other: object): readonly string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])];
}

function member(of: object, name: string): unknown {
  return (of as Readonly<Record<string, unknown>>)[name];
}

function isMembers(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  if (value === undefined) return ABSENT;
  if (value === null) return 'nothing';
  if (typeof value === 'string') return value === '' ? 'an empty text' : value;
  if (isMembers(value) && typeof value.word === 'string') return value.word;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
