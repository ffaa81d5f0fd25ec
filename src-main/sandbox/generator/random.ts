/**
 * Seeded random numbers (sfc32, after PractRand's small fast chaotic generator). The generator must write the same bytes
 * on every machine, so nothing here may come from `Math.random` or the clock, and every stream of numbers is forked by a
 * label: adding a draw in one place then leaves all the others as they were.
 */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform integer in [from, to]. */
  int(from: number, to: number): number;
  /** Standard normal. */
  normal(): number;
  /** Poisson count with this mean; the normal approximation from 60 on. */
  poisson(mean: number): number;
  pick<T>(items: readonly T[]): T;
  /** An independent generator that depends only on this one's seed and the label. */
  fork(label: string): Random;
  /** Lowercase hex digits. */
  hex(length: number): string;
}

/** FNV-1a over UTF-16 code units; spreads labels over 32 bits. */
function hashLabel(label: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < label.length; i += 1) {
    hash = Math.imul(hash ^ label.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}

function createCore(a0: number, b0: number): () => number {
  let a = a0 | 0;
  let b = b0 | 0;
  let c = 0x9e3779b9 | 0;
  let d = 1;
  const step = () => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 4294967296;
  };
  for (let i = 0; i < 16; i += 1) step();
  return step;
}

/** A generator for this seed and path of fork labels. */
export function createRandom(seed: number, path = ''): Random {
  const next = createCore(seed >>> 0, hashLabel(path));
  const normal = () => {
    // 1 - next() keeps the logarithm finite.
    const radius = Math.sqrt(-2 * Math.log(1 - next()));
    return radius * Math.cos(2 * Math.PI * next());
  };
  const random: Random = {
    next,
    int: (from, to) => from + Math.floor(next() * (to - from + 1)),
    normal,
    poisson: (mean) => {
      if (mean <= 0) return 0;
      if (mean >= 60) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()));
      const limit = Math.exp(-mean);
      let count = 0;
      for (let product = next(); product > limit; product *= next()) count += 1;
      return count;
    },
    pick: (items) => {
      const item = items[Math.floor(next() * items.length)];
      if (item === undefined) throw new RangeError('cannot pick from an empty list');
      return item;
    },
    fork: (label) => createRandom(seed, `${path}/${label}`),
    hex: (length) => {
      let text = '';
      while (text.length < length) text += Math.floor(next() * 16).toString(16);
      return text;
    },
  };
  return random;
}
