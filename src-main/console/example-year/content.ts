/** Made-up content: the same seed gives the same. Never for keys, salts or passwords. */
export interface Content {
  /** From 0, below 1. */
  next(): number;
  /** Both included. */
  int(from: number, to: number): number;
  chance(of: number): boolean;
  pick<T>(from: readonly T[]): T;
  /** Lowercase hex digits. */
  hex(length: number): string;
  /** As SHA-256 digests look: of data that was never there. */
  digest(): string;
}

/** @param seed any whole number */
export function createContent(seed: number): Content {
  let state = seed >>> 0;
  // mulberry32: small, and the same everywhere
  const word = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const next = () => word() / 0x1_0000_0000;
  const hex = (length: number) => {
    const bytes = Buffer.allocUnsafe(Math.ceil(length / 8) * 4);
    for (let at = 0; at < bytes.length; at += 4) bytes.writeUInt32BE(word(), at);
    return bytes.toString('hex').slice(0, length);
  };
  return {
    next,
    int: (from, to) => from + Math.floor(next() * (to - from + 1)),
    chance: (of) => next() < of,
    pick: (from) => {
      const picked = from[Math.floor(next() * from.length)];
      if (picked === undefined) throw new Error('there is nothing to pick from');
      return picked;
    },
    hex,
    digest: () => hex(64),
  };
}
