import { randomBytes, randomUUID } from 'node:crypto';

/** Randomness as a port: real in production, fixed in tests that compare bytes. */
export interface Random {
  /** `size` unpredictable bytes. */
  bytes(size: number): Uint8Array;
  /** A UUID, version 4. */
  uuid(): string;
}

export const systemRandom: Random = {
  bytes: (size) => randomBytes(size),
  uuid: () => randomUUID(),
};
