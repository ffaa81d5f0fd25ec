import { randomBytes, randomFillSync, randomUUID } from 'node:crypto';

/** Randomness as a port: real in production, fixed in tests that compare bytes. */
export interface Random {
  /** `size` unpredictable bytes. */
  bytes(size: number): Uint8Array;
  /** A UUID, version 4. */
  uuid(): string;
}

/** Nonces and salts are small and many: drawn together, handed out once, and wiped from the pool. */
const pool = Buffer.alloc(4096);
let drawn = pool.length;

function fromPool(size: number): Uint8Array {
  if (drawn + size > pool.length) {
    randomFillSync(pool);
    drawn = 0;
  }
  const bytes = Uint8Array.prototype.slice.call(pool, drawn, drawn + size);
  pool.fill(0, drawn, drawn + size);
  drawn += size;
  return bytes;
}

export const systemRandom: Random = {
  bytes: (size) => (size > 0 && size <= 64 ? fromPool(size) : randomBytes(size)),
  uuid: () => randomUUID(),
};
