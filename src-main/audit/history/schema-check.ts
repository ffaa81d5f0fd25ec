import {
  type Database,
  expectedSchema,
  readSchema,
  readTemporarySchema,
  type SchemaObject,
} from '#main/platform/sqlite.ts';
import { AUDIT_MIGRATIONS } from '../sqlite-schema.ts';
import type { SchemaDifference } from './incident-bundle.ts';

const WHAT = 'the audit store';
const MAX_SQL = 64 * 1024;
const MAX_DIFFERENCES = 1000;

/**
 * What is not in the schema as the migrations made it. A guard that was dropped, changed or added shows here, and one
 * that exists for this connection only. Nobody inside the process can be kept from DROP TRIGGER: it is detected.
 */
export class SchemaCheck {
  readonly #expected: ReadonlyMap<string, SchemaObject>;

  constructor() {
    this.#expected = new Map(expectedSchema(AUDIT_MIGRATIONS, WHAT).map((object) => [keyOf(object), object]));
  }

  differences(db: Database): SchemaDifference[] {
    const missing = new Map(this.#expected);
    const differences: SchemaDifference[] = [];
    // row by row: of two rows of one name the second is one too many, whatever it says
    for (const object of readSchema(db)) {
      const { type, name, table, sql } = object;
      const expected = missing.get(keyOf(object));
      missing.delete(keyOf(object));
      if (expected !== undefined && expected.sql === sql && expected.table === table) continue;
      differences.push({ type, name, expected: expected === undefined ? null : cut(expected.sql), found: cut(sql) });
    }
    for (const { type, name, sql } of missing.values()) {
      differences.push({ type, name, expected: cut(sql), found: null });
    }
    for (const { type, name, sql } of readTemporarySchema(db)) {
      differences.push({ type: `temporary ${type}`, name, expected: null, found: cut(sql) });
    }
    return differences.slice(0, MAX_DIFFERENCES);
  }

  /**
   * Puts triggers, indexes and views back as they must be; part of the caller's transaction. Tables are left alone: what
   * was in a table that was changed is not known.
   */
  repair(db: Database): void {
    const guard = (type: string) => type === 'trigger' || type === 'index' || type === 'view';
    for (const { type, name, found } of this.differences(db)) {
      if (found !== null && guard(type)) db.exec(`DROP ${type.toUpperCase()} IF EXISTS main.${quote(name)}`);
      const temporary = type.replace('temporary ', '');
      if (temporary !== type && guard(temporary)) db.exec(`DROP ${temporary.toUpperCase()} temp.${quote(name)}`);
    }
    // indexes first, as triggers may be asked while they are made
    const missing = this.differences(db).filter(({ type, found }) => guard(type) && found === null);
    for (const { expected } of missing) if (expected !== null) db.exec(expected);
  }
}

/** Whether all of it can be put back; a changed table cannot. */
export function isRepairable(differences: readonly SchemaDifference[]): boolean {
  return differences.every(({ type }) => /^(temporary )?(trigger|index|view)$/.test(type));
}

/** The first few differences, for people. */
export function describeDifferences(differences: readonly SchemaDifference[]): string {
  const words = differences.slice(0, 5).map(({ type, name, expected, found }) => {
    const what = found === null ? 'is missing' : expected === null ? 'was added' : 'was changed';
    return `${type} ${name.slice(0, 60)} ${what}`;
  });
  const more = differences.length - words.length;
  return words.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function keyOf({ type, name }: SchemaObject): string {
  return `${type} ${name}`;
}

function cut(sql: string | null): string {
  return (sql ?? '').slice(0, MAX_SQL);
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
