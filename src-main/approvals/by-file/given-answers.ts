import { z } from 'zod';
import { explainSqliteError } from '#main/platform/sqlite-errors.ts';
import { CausewayError } from '#shared/errors.ts';
import type { RequestStore } from '../protections/request-store.ts';

const Kept = z.strictObject({
  decision: z.enum(['approve', 'reject']),
  bytes: z.base64().max(200_000),
  /** Left out in those of earlier versions, which were kept after their record. */
  recorded: z.boolean().default(true),
});
export interface GivenAnswer {
  readonly decision: 'approve' | 'reject';
  /** Of the answer's file. */
  readonly bytes: Buffer;
  /** Whether it is known to be on record; until then it is not handed out. */
  readonly recorded: boolean;
}

const WHAT = 'the requests of this workspace';
const placeOf = (request: string, person: string) => `given-answer/${request}/${person}`;

/** The answers people gave here, so that a file that was lost can be saved again, and nobody says two things to one question. */
export class GivenAnswers {
  readonly #store: RequestStore;

  constructor(store: RequestStore) {
    this.#store = store;
  }

  /** @param request digest of the request. @throws CausewayError `audit-broken` when what is kept was changed */
  read(request: string, person: string): GivenAnswer | null {
    const row = this.#run(() =>
      this.#store.db
        .prepare<[string, string], { box: Buffer }>('SELECT box FROM given_answer WHERE request = ? AND person = ?')
        .get(request, person),
    );
    if (row === undefined) return null;
    const plain = this.#store.cipher.open(row.box, placeOf(request, person));
    const kept = Kept.safeParse(JSON.parse(Buffer.from(plain).toString('utf8')));
    if (!kept.success) {
      const text = 'The answer that was given to this before cannot be read.';
      throw new CausewayError('audit-broken', text, { reason: 'given-answer', cause: kept.error });
    }
    const { decision, bytes, recorded } = kept.data;
    return { decision, bytes: Buffer.from(bytes, 'base64'), recorded };
  }

  /** Durable when it returns. */
  save(request: string, person: string, { decision, bytes, recorded }: GivenAnswer): void {
    const kept: z.infer<typeof Kept> = { decision, bytes: bytes.toString('base64'), recorded };
    const text = JSON.stringify(kept);
    const box = this.#store.cipher.seal(Buffer.from(text, 'utf8'), placeOf(request, person));
    this.#run(() =>
      this.#store.db
        .prepare('INSERT OR REPLACE INTO given_answer (request, person, box) VALUES (?, ?, ?)')
        .run(request, person, box),
    );
  }

  #run<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw explainSqliteError(error, WHAT);
    }
  }
}
