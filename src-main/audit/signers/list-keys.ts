import type { SigningKey } from '#shared/ipc/verification-views.ts';
import { anchoredKeys } from '../chain-keys.ts';
import type { Signer } from '../signer.ts';
import type { SqliteRows } from '../sqlite-rows.ts';

/** The chain's keys in the order of their introduction, as the window shows them. */
export function listKeys(parts: {
  readonly rows: SqliteRows;
  readonly firstKey: string;
  readonly signer: Pick<Signer, 'keyId' | 'description'>;
}): readonly SigningKey[] {
  const { ring } = anchoredKeys(parts.rows, parts.firstKey);
  return ring.entries().map(({ description: { id, alg, fromSeq }, until }) => ({
    id,
    alg,
    fromSeq,
    toSeq: until === null ? null : until - 1,
    where: id === parts.signer.keyId ? parts.signer.description.slice(0, 500) : null,
  }));
}
