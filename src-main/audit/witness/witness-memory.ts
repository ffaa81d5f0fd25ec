import { z } from 'zod';
import type { SecretStore } from '#main/platform/secret-store.ts';
import { CausewayError } from '#shared/errors.ts';
import type { AuditRecord } from '#shared/model/audit-record.ts';
import { decodeBase64 } from '../json-read.ts';
import { witnessedName } from '../secret-names.ts';
import type { RecordRow, SqliteRows } from '../sqlite-rows.ts';
import { SeenOnRecord } from './seen-on-record.ts';
import { WitnessRows } from './witness-rows.ts';

const Keys = z.array(z.strictObject({ id: z.string(), fromSeq: z.int().min(1) })).min(1);
const Kept = z.strictObject({
  chain: z.string(),
  size: z.int().min(1),
  root: z.string().length(44),
  keys: Keys,
  seconds: z.int().min(0),
});

/** What this console, as a witness, saw of another chain: the largest tree it cosigned, and its keys. */
export type Seen = Readonly<z.infer<typeof Kept>>;

/**
 * A witness is worth what it remembers. It is kept twice, in the database and in the keychain, and the larger one counts:
 * whoever puts back an older copy of one of them makes it forget nothing. Of the database only what is on record counts,
 * signed: whoever can write to the file could otherwise have a chain trusted that nobody compared a key of, or an honest
 * one refused.
 */
export class WitnessMemory {
  readonly #own: string;
  readonly #database: Pick<SqliteRows, 'db' | 'byAction'>;
  readonly #read: (row: RecordRow) => AuditRecord | undefined;
  #prepared: WitnessRows | null = null;
  readonly #secrets: SecretStore;

  /** `read`: the record of a row, only if it holds. */
  constructor(
    own: string,
    rows: Pick<SqliteRows, 'db' | 'byAction'>,
    secrets: SecretStore,
    read: (row: RecordRow) => AuditRecord | undefined,
  ) {
    this.#own = own;
    this.#database = rows;
    this.#read = read;
    this.#secrets = secrets;
  }

  get #rows(): WitnessRows {
    this.#prepared ??= new WitnessRows(this.#database.db);
    return this.#prepared;
  }

  /** @throws CausewayError `audit-broken` (`witness-memory`) when it contradicts itself or cannot be read */
  async recall(chain: string): Promise<Seen | null> {
    const kept = await this.#fromKeychain(chain);
    const stored = this.#fromDatabase(chain);
    if (kept === null || stored === null) return kept ?? stored;
    if (kept.size === stored.size && kept.root !== stored.root) throw unreadable('keychain and database disagree');
    return kept.size >= stored.size ? kept : stored;
  }

  /** Durable when it resolves. The keychain first: a crash in between leaves the larger size known, never the smaller. */
  async remember(seen: Seen): Promise<void> {
    const { chain, size, root, keys, seconds } = seen;
    await this.#secrets.set(witnessedName(this.#own, chain), Buffer.from(JSON.stringify(seen), 'utf8'));
    // a row that somebody put there keeps no other from being remembered; a verification names it
    if ((this.#rows.witnessed(chain)[0]?.size ?? 0) >= size) return;
    this.#rows.insertWitnessed({
      chain,
      size,
      root: Buffer.from(root, 'base64'),
      keys: JSON.stringify(keys),
      seconds,
    });
  }

  async #fromKeychain(chain: string): Promise<Seen | null> {
    const secret = await this.#secrets.get(witnessedName(this.#own, chain));
    if (secret === null) return null;
    return readSeen(Buffer.from(secret).toString('utf8'), chain, 'the entry in the keychain');
  }

  #fromDatabase(chain: string): Seen | null {
    const rows = this.#rows.witnessed(chain);
    if (rows.length === 0) return null;
    const onRecord = new SeenOnRecord(this.#database, this.#read);
    const row = rows.find((one) => onRecord.has(one));
    if (row === undefined) return null;
    const { size, root, keys, seconds } = row;
    const text = `{"chain":${JSON.stringify(chain)},"size":${size},"root":"${root.toString('base64')}","keys":${keys},"seconds":${seconds}}`;
    return readSeen(text, chain, 'the row in the database');
  }
}

function readSeen(text: string, chain: string, what: string): Seen {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw unreadable(`${what} is damaged`, cause);
  }
  const seen = Kept.safeParse(value);
  if (!seen.success || seen.data.chain !== chain || decodeBase64(seen.data.root)?.length !== 32) {
    throw unreadable(`${what} is damaged`, seen.error);
  }
  return seen.data;
}

function unreadable(what: string, cause?: unknown): CausewayError {
  const text = `What this console saw of that chain as its witness cannot be relied on: ${what}. It signs nothing for it.`;
  return new CausewayError('audit-broken', text, { cause, reason: 'witness-memory' });
}
