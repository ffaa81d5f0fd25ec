import type { Database } from '#main/platform/sqlite.ts';
import { openReading } from '#main/platform/sqlite-derived.ts';
import type { TextIndex } from '../trail-text.ts';
import { readBuilt } from './index-file.ts';
import { indexQuery, type Term } from './words.ts';

/** The search index as it is read: one more connection to the file that a worker writes. */
export class SearchIndex implements TextIndex {
  readonly #db: Database;
  readonly #onFailure: (error: unknown) => void;

  /** Throws SQLite's errors. `onFailure` is told once, of the first query that fails. */
  constructor(path: string, onFailure: (error: unknown) => void) {
    this.#db = openReading(path);
    this.#onFailure = onFailure;
  }

  get last(): number {
    return readBuilt(this.#db)?.last ?? 0;
  }

  find(terms: readonly Term[], high: number, limit: number): number[] {
    return this.#db
      .prepare<[string, number, number], number>(
        'SELECT rowid FROM words WHERE words MATCH ? AND rowid <= ? ORDER BY rowid DESC LIMIT ?',
      )
      .pluck()
      .all(indexQuery(terms), high, limit);
  }

  count(terms: readonly Term[], most: number): number {
    return (
      this.#db
        .prepare<[string, number], number>('SELECT count(*) FROM (SELECT 1 FROM words WHERE words MATCH ? LIMIT ?)')
        .pluck()
        .get(indexQuery(terms), most) ?? 0
    );
  }

  failed(error: unknown): void {
    this.#onFailure(error);
  }

  close(): void {
    this.#db.close();
  }
}
