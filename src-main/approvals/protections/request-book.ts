import { z } from 'zod';
import { explainSqliteError } from '#main/platform/sqlite-errors.ts';
import { CausewayError } from '#shared/errors.ts';
import { ProtectionKind, ProtectionRequest } from '#shared/ipc/protection-views.ts';
import { Digest } from '#shared/model/evidence.ts';
import { KeptChange } from './change.ts';
import { MOST_ACCOUNTS } from './protection-people.ts';
import type { RequestStore } from './request-store.ts';

const Time = z.iso.datetime({ precision: 3 });
const Somebody = z.strictObject({ id: z.string().max(128), name: z.string().max(256), device: z.string().max(128) });

/**
 * `approved`: decided, and on record where the trail could be written, but not carried out (yet). `done`, `rejected`,
 * `withdrawn`, `expired`, `void` (what it was about is no longer so) and `failed` (tried twice) are ends.
 */
const State = z.enum(['waiting', 'approved', 'done', 'rejected', 'withdrawn', 'expired', 'void', 'failed']);
export type RequestState = z.infer<typeof State>;

const KeptDecision = z.strictObject({
  by: Somebody,
  at: Time,
  justification: z.string().max(8000),
  reauthentication: z.enum(['none', 'password', 'totp', 'platform']),
  /** Of the approval; null while the trail could not be written. */
  record: Digest.nullable(),
});

const KeptRequest = z.strictObject({
  id: z.string().max(64),
  state: State,
  change: KeptChange,
  digest: Digest,
  summary: ProtectionRequest.shape.summary,
  details: ProtectionRequest.shape.details,
  requestedBy: Somebody,
  /** Every account of the human who asked, as it was then; left out in requests of earlier versions. */
  accounts: z.array(z.string().max(128)).max(MOST_ACCOUNTS).optional(),
  justification: z.string().max(8000),
  requestedAt: Time,
  expiresAt: Time,
  /** Of the request; null when the trail could not be written. */
  record: Digest.nullable(),
  decision: KeptDecision.nullable(),
  /** How often carrying it out was begun. */
  attempts: z.int().min(0).max(1000),
});
/** A request with everything that is known of it. `justification` in clear: it is encrypted where it rests. */
export type KeptRequest = Readonly<z.infer<typeof KeptRequest>>;
export type KeptDecision = Readonly<z.infer<typeof KeptDecision>>;

interface Row {
  readonly id: string;
  readonly state: string;
  readonly digest: string;
  readonly box: Buffer;
}

const WHAT = 'the requests of this workspace';

/** The requests as they are kept. What stands in a row outside its box must be what its box says. */
export class RequestBook {
  readonly #store: RequestStore;

  constructor(store: RequestStore) {
    this.#store = store;
  }

  /** @throws CausewayError `not-found`, `audit-broken` when the row was changed */
  read(id: string): KeptRequest {
    const row = this.#run((db) =>
      db.prepare<[string], Row>('SELECT id, state, digest, box FROM protection_request WHERE id = ?').get(id),
    );
    if (row === undefined) throw new CausewayError('not-found', `There is no request ${id}.`);
    return this.#open(row);
  }

  /** Those in one of these states, oldest first; a row that was changed is told to `onDamage` and left out. */
  list(states: readonly RequestState[], onDamage: (error: unknown, id: string) => void): readonly KeptRequest[] {
    const rows = this.#run((db) =>
      db.prepare<[], Row>('SELECT id, state, digest, box FROM protection_request ORDER BY expires_at, id').all(),
    );
    return rows
      .filter(({ state }) => states.some((wanted) => wanted === state))
      .flatMap((row) => {
        try {
          return [this.#open(row)];
        } catch (error) {
          onDamage(error, row.id);
          return [];
        }
      });
  }

  /** Durable when it returns. */
  save(request: KeptRequest): void {
    const { id, change, state, digest, expiresAt } = request;
    const box = this.#store.cipher.seal(Buffer.from(JSON.stringify(request), 'utf8'), placeOf(id));
    this.#run((db) =>
      db
        .prepare(
          `INSERT INTO protection_request (id, kind, state, digest, expires_at, box) VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT (id) DO UPDATE SET state = excluded.state, box = excluded.box`,
        )
        .run(id, ProtectionKind.parse(change.kind), state, digest, Date.parse(expiresAt), box),
    );
  }

  #open({ id, state, digest, box }: Row): KeptRequest {
    const plain = this.#store.cipher.open(box, placeOf(id));
    const kept = KeptRequest.safeParse(JSON.parse(Buffer.from(plain).toString('utf8')));
    if (!kept.success || kept.data.id !== id || kept.data.state !== state || kept.data.digest !== digest) {
      const text = `The request ${id} is not kept as it was written. It cannot be decided; ask for the change anew.`;
      throw new CausewayError('audit-broken', text, { reason: 'request-differs', cause: kept.error });
    }
    return kept.data;
  }

  #run<T>(work: (db: RequestStore['db']) => T): T {
    try {
      return work(this.#store.db);
    } catch (error) {
      throw explainSqliteError(error, WHAT);
    }
  }
}

const placeOf = (id: string) => `protections/${id}`;
