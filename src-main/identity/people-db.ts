import { hash } from 'node:crypto';
import path from 'node:path';
import { z } from 'zod';
import { type Cipher, createCipher } from '#main/platform/cipher.ts';
import type { Random } from '#main/platform/random.ts';
import type { SecretStore } from '#main/platform/secret-store.ts';
import { type Database, openDatabase } from '#main/platform/sqlite.ts';
import { explainSqliteError } from '#main/platform/sqlite-errors.ts';
import type { Migration } from '#main/platform/sqlite-migrations.ts';
import { tenantKey } from '#main/platform/tenant-keys.ts';
import { CausewayError } from '#shared/errors.ts';
import { type AnchorKeeper, keepAnchor, readAnchor, requireAnchored } from './people-anchor.ts';
import { ENTRIES, type EntryOf, type Kind } from './people-entries.ts';
import { changed, otherWorkspace } from './people-faults.ts';
import { isGuarded } from './people-guard.ts';

const WHAT = 'the list of people';

const PEOPLE_MIGRATIONS: readonly Migration[] = [
  {
    number: 1,
    name: 'people',
    sql: `
      CREATE TABLE seal (id INTEGER PRIMARY KEY CHECK (id = 1), document BLOB NOT NULL) STRICT;
      CREATE TABLE entry (
        kind TEXT NOT NULL, id TEXT NOT NULL, document BLOB NOT NULL, PRIMARY KEY (kind, id)
      ) STRICT, WITHOUT ROWID;
    `,
  },
];

/** Proves key, tenant and completeness: a row that is deleted, or put back from an older copy, no longer fits `entries`. */
const Seal = z.strictObject({
  tenant: z.string(),
  instance: z.string(),
  peopled: z.boolean(),
  /** Raised with each change the keychain counts. */
  generation: z.int().min(0).default(0),
  entries: z.string(),
});
type Seal = z.infer<typeof Seal>;

interface Row {
  readonly kind: string;
  readonly id: string;
  readonly document: Buffer;
}
interface Held {
  readonly document: Buffer;
  readonly digest: string;
  readonly value: unknown;
}

/** Changes that become durable together, or not at all. */
export interface PeopleChange {
  put<K extends Kind>(kind: K, id: string, value: EntryOf<K>): void;
  delete(kind: Kind, id: string): void;
}

/**
 * The entries of people.db. They are read, checked and decrypted once, at opening; afterwards what is in memory counts,
 * and a file that no longer agrees with it is refused instead of believed.
 */
export interface PeopleDb {
  /** Random, of this very database: sessions are bound to it. */
  readonly instance: string;
  /** HMAC key of pseudonyms and the like is derived from this; wiped when closed. */
  readonly key: Uint8Array;
  /** Whether there were ever people here. */
  peopled(): boolean;
  /** Compared with the file at each call. @throws CausewayError `audit-broken` (`people-changed`), or as the disk fails */
  get<K extends Kind>(kind: K, id: string): EntryOf<K> | null;
  /** In order of their ids. */
  list<K extends Kind>(kind: K): readonly (readonly [id: string, value: EntryOf<K>])[];
  /**
   * @throws CausewayError as openDatabase, and `keychain-unavailable` (`anchor-behind`) for a change the keychain counts
   * while it did not take the one before; nothing is changed then
   */
  change(make: (change: PeopleChange) => void): void;
  /** Waits until the keychain knows of the changes so far. Never rejects. */
  settled(): Promise<void>;
  /** What was overwritten goes from the write-ahead log as well. */
  forget(): void;
  close(): void;
}

export interface OpenPeopleOptions {
  readonly folder: string;
  readonly tenant: string;
  readonly secrets: SecretStore;
  readonly random: Random;
  readonly onWarning?: ((error: unknown, what: string) => void) | undefined;
}

/**
 * Opens (and begins) people.db in a tenant's folder.
 * @throws CausewayError `keychain-unavailable` (`key-lost` when the key of an existing file is missing), `audit-broken` with reason
 * `other-workspace`, `people-gone`, `people-older` or `people-changed`, and as openDatabase
 */
export async function openPeopleDb(options: OpenPeopleOptions): Promise<PeopleDb> {
  const { folder, tenant, secrets, random, onWarning = () => {} } = options;
  const db = openDatabase(path.join(folder, 'people.db'), { what: WHAT, migrations: PEOPLE_MIGRATIONS });
  try {
    db.pragma('secure_delete = ON'); // what is removed is overwritten, not only unlinked
    const sealed = db.prepare<[], { document: Buffer }>('SELECT document FROM seal').get()?.document ?? null;
    const anchor = await readAnchor(secrets, tenant);
    if (sealed === null) requireUnused(db, anchor !== null);
    // a copy: it is wiped when closed, which is no business of whoever gave it
    const key = Uint8Array.from(await tenantKey(secrets, tenant, 'people', sealed === null));
    const cipher = createCipher(key, tenant);
    const begun = sealed ?? beginSeal(db, cipher, tenant, random);
    const seal = openSeal(cipher, begun, tenant);
    requireAnchored(anchor, seal);
    const keeper = keepAnchor(secrets, tenant, onWarning);
    const opened = new SealedEntries({ db, cipher, key, keeper }, begun, seal, readEntries(db, cipher));
    opened.requireComplete();
    if (anchor?.peopled !== seal.peopled || anchor.generation !== seal.generation) {
      keeper.note(seal);
      await keeper.settled();
      keeper.requireLevel();
    }
    return opened;
  } catch (error) {
    db.close();
    throw explainSqliteError(error, WHAT);
  }
}

/** Without its first row it is new, or somebody took away what proves that it is not. */
function requireUnused(db: Database, wasUsed: boolean): void {
  const entries = db.prepare<[], { count: number }>('SELECT count(*) AS count FROM entry').get()?.count ?? 0;
  if (!wasUsed && entries === 0) return;
  const text =
    'The list of people of this workspace is gone, although the keychain knows that there was one. Put people.db back.';
  throw new CausewayError('audit-broken', text, { reason: 'people-gone' });
}

/** What the first row is bound to as it is encrypted. */
export const SEAL_PLACE = 'people/seal';
const encode = (value: unknown) => Buffer.from(JSON.stringify(value), 'utf8');

function beginSeal(db: Database, cipher: Cipher, tenant: string, random: Random): Buffer {
  const seal: Seal = { tenant, instance: random.uuid(), peopled: false, generation: 0, entries: digestOf(new Map()) };
  const document = Buffer.from(cipher.seal(encode(seal), SEAL_PLACE));
  db.prepare('INSERT INTO seal (id, document) VALUES (1, ?)').run(document);
  return document;
}

function openSeal(cipher: Cipher, document: Buffer, tenant: string): Seal {
  try {
    const seal = Seal.parse(JSON.parse(Buffer.from(cipher.open(document, SEAL_PLACE)).toString('utf8')));
    if (seal.tenant === tenant) return seal;
  } catch (cause) {
    throw otherWorkspace(tenant, cause);
  }
  throw otherWorkspace(tenant, undefined);
}

/** What an entry is bound to. */
export function placeOf(kind: string, id: string): string {
  return `people/${kind}/${id}`;
}
const nameOf = (kind: string, id: string) => `${kind} ${id}`;

function readEntries(db: Database, cipher: Cipher): Map<string, Held> {
  const held = new Map<string, Held>();
  for (const { kind, id, document } of db.prepare<[], Row>('SELECT kind, id, document FROM entry').all()) {
    const schema = Object.entries(ENTRIES).find(([name]) => name === kind)?.[1];
    if (schema === undefined) throw changed();
    try {
      const value: unknown = schema.parse(
        JSON.parse(Buffer.from(cipher.open(document, placeOf(kind, id))).toString('utf8')),
      );
      held.set(nameOf(kind, id), { document, digest: hash('sha256', document, 'hex'), value });
    } catch (cause) {
      throw changed(cause);
    }
  }
  return held;
}

/** Over every entry's place and bytes. It stands in an encrypted document, so nobody without the key can make a fitting one. */
function digestOf(held: ReadonlyMap<string, Pick<Held, 'digest'>>): string {
  const lines = [...held].map(([name, { digest }]) => `${name} ${digest}`);
  return hash('sha256', lines.sort().join('\n'), 'hex');
}

interface Means {
  readonly db: Database;
  readonly cipher: Cipher;
  readonly key: Uint8Array;
  readonly keeper: AnchorKeeper;
}

class SealedEntries implements PeopleDb {
  readonly instance: string;
  readonly key: Uint8Array;
  readonly #db: Database;
  readonly #cipher: Cipher;
  readonly #keeper: AnchorKeeper;
  readonly #sql;
  #sealed: Buffer;
  #seal: Seal;
  #held: Map<string, Held>;

  constructor({ db, cipher, key, keeper }: Means, sealed: Buffer, seal: Seal, held: Map<string, Held>) {
    this.instance = seal.instance;
    this.key = key;
    this.#db = db;
    this.#cipher = cipher;
    this.#keeper = keeper;
    this.#sealed = sealed;
    this.#seal = seal;
    this.#held = held;
    this.#sql = {
      get: db.prepare<[string, string], { document: Buffer }>('SELECT document FROM entry WHERE kind = ? AND id = ?'),
      put: db.prepare<[string, string, Buffer]>('INSERT OR REPLACE INTO entry (kind, id, document) VALUES (?, ?, ?)'),
      delete: db.prepare<[string, string]>('DELETE FROM entry WHERE kind = ? AND id = ?'),
      seal: db.prepare<[Buffer, Buffer]>('UPDATE seal SET document = ? WHERE id = 1 AND document = ?'),
    };
  }

  requireComplete(): void {
    if (digestOf(this.#held) !== this.#seal.entries) throw changed();
  }

  peopled(): boolean {
    return this.#seal.peopled;
  }

  get<K extends Kind>(kind: K, id: string): EntryOf<K> | null {
    const held = this.#held.get(nameOf(kind, id));
    const stored = this.#attempt(() => this.#sql.get.get(kind, id));
    if (held === undefined && stored === undefined) return null;
    if (held === undefined || stored === undefined || !held.document.equals(stored.document)) throw changed();
    return held.value as EntryOf<K>; // parsed by the schema of its kind when it was read, typed when it was put
  }

  list<K extends Kind>(kind: K): readonly (readonly [string, EntryOf<K>])[] {
    const found: (readonly [string, EntryOf<K>])[] = [];
    for (const [name, { value }] of this.#held) {
      if (name.startsWith(`${kind} `)) found.push([name.slice(kind.length + 1), value as EntryOf<K>]);
    }
    return found.sort(([a], [b]) => (a < b ? -1 : 1));
  }

  change(make: (change: PeopleChange) => void): void {
    const next = new Map(this.#held);
    let { peopled, generation } = this.#seal;
    let counted = false;
    const run = this.#db.transaction(() => {
      make({
        put: (kind, id, value) => {
          counted ||= isGuarded(kind, this.#held.get(nameOf(kind, id))?.value, value);
          const document = Buffer.from(this.#cipher.seal(encode(ENTRIES[kind].parse(value)), placeOf(kind, id)));
          this.#sql.put.run(kind, id, document);
          next.set(nameOf(kind, id), { document, digest: hash('sha256', document, 'hex'), value });
          if (kind === 'person') peopled = true;
        },
        delete: (kind, id) => {
          counted ||= isGuarded(kind, this.#held.get(nameOf(kind, id))?.value, undefined);
          this.#sql.delete.run(kind, id);
          next.delete(nameOf(kind, id));
        },
      });
      if (counted) {
        this.#keeper.requireLevel();
        generation += 1;
      }
      const seal = { ...this.#seal, peopled, generation, entries: digestOf(next) };
      const sealed = Buffer.from(this.#cipher.seal(encode(seal), SEAL_PLACE));
      // another writer, or another file under this name: what is in memory is no longer the whole truth
      if (this.#sql.seal.run(sealed, this.#sealed).changes !== 1) throw changed();
      return { seal, sealed };
    });
    const { seal, sealed } = this.#attempt(() => run.immediate());
    this.#seal = seal;
    this.#sealed = sealed;
    this.#held = next;
    if (counted) this.#keeper.note(seal);
  }

  settled(): Promise<void> {
    return this.#keeper.settled();
  }

  forget(): void {
    this.#attempt(() => this.#db.pragma('wal_checkpoint(TRUNCATE)'));
  }

  close(): void {
    if (!this.#db.open) return;
    this.#db.close();
    this.key.fill(0);
    this.#held.clear();
  }

  #attempt<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw explainSqliteError(error, WHAT);
    }
  }
}
