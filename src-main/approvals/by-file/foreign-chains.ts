import { z } from 'zod';
import type { AuditStore } from '#main/audit/store.ts';
import { explainSqliteError } from '#main/platform/sqlite-errors.ts';
import { CausewayError } from '#shared/errors.ts';
import { AUDIT_DATA } from '#shared/model/audit-data.ts';
import { Digest } from '#shared/model/evidence.ts';
import type { RequestStore } from '../protections/request-store.ts';
import type { ChainKey } from './chain-evidence.ts';

/** Of the record that says that a person compared the first key of another chain; `new` is that key's id. */
export const TRUST_SETTING = 'decision-requests.trusted-chain';

const KeptChain = z.strictObject({
  chain: z.string(),
  tenant: z.string(),
  keys: z
    .array(z.strictObject({ id: z.string(), fromSeq: z.int().min(1) }))
    .min(1)
    .max(1000),
  /** Of the trust, on the own chain. */
  record: Digest,
});
export type KeptChain = Readonly<z.infer<typeof KeptChain>>;

const Setting = AUDIT_DATA['tenant.configuration_changed'];
const WHAT = 'the requests of this workspace';
const placeOf = (chain: string) => `trusted-chain/${chain}`;

/** The chains whose first key a person here has compared. What is kept counts only with the record of it. */
export class ForeignChains {
  readonly #store: RequestStore;
  readonly #audit: Pick<AuditStore, 'getVerified'>;

  constructor(store: RequestStore, audit: Pick<AuditStore, 'getVerified'>) {
    this.#store = store;
    this.#audit = audit;
  }

  /**
   * Whether that chain is known here, with these keys.
   * @throws CausewayError `denied` (`request-key`) when its keys are not those it had before, `audit-broken` when what is
   * kept of it was changed
   */
  recall(chain: string, keys: readonly ChainKey[]): KeptChain | null {
    const row = this.#run(() =>
      this.#store.db.prepare<[string], { box: Buffer }>('SELECT box FROM trusted_chain WHERE chain = ?').get(chain),
    );
    if (row === undefined) return null;
    const plain = this.#store.cipher.open(row.box, placeOf(chain));
    const kept = KeptChain.safeParse(JSON.parse(Buffer.from(plain).toString('utf8')));
    if (!kept.success || kept.data.chain !== chain || !this.#isOnRecord(kept.data)) {
      const text = 'What is kept of the chain that asks is not what is on record here. Nothing is answered to it.';
      throw new CausewayError('audit-broken', text, { reason: 'trusted-chain', cause: kept.error });
    }
    // a chain's keys are only ever added to: another first key, or one left out, is another chain under the same name
    const same = kept.data.keys.every(({ id, fromSeq }, at) => keys[at]?.id === id && keys[at]?.fromSeq === fromSeq);
    if (same) return kept.data;
    const text =
      'The request is signed by other keys than that chain had when it was seen here before. Nothing is answered to it. Keep the file: it shows that somebody speaks in the name of that workspace.';
    throw new CausewayError('denied', text, { reason: 'request-key' });
  }

  remember(kept: KeptChain): void {
    const box = this.#store.cipher.seal(Buffer.from(JSON.stringify(kept), 'utf8'), placeOf(kept.chain));
    this.#run(() =>
      this.#store.db
        .prepare(
          'INSERT INTO trusted_chain (chain, box) VALUES (?, ?) ON CONFLICT (chain) DO UPDATE SET box = excluded.box',
        )
        .run(kept.chain, box),
    );
  }

  #isOnRecord({ chain, keys, record: hash }: KeptChain): boolean {
    const record = this.#audit.getVerified(hash)?.record;
    const data = Setting.safeParse(record?.data);
    return (
      record?.action === 'tenant.configuration_changed' &&
      record.outcome === 'success' &&
      record.target.type === 'chain' &&
      record.target.id === chain &&
      data.success &&
      data.data.setting === TRUST_SETTING &&
      data.data.new === keys[0]?.id
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
