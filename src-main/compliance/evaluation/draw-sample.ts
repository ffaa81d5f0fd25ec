import { hash } from 'node:crypto';

/** SHA-256(32 bytes of the head record's hash ‖ the number as it was typed, ASCII digits), lowercase hex. */
export function seedOf(headHash: string, number: string): string {
  return hash('sha256', Buffer.concat([Buffer.from(headHash, 'hex'), Buffer.from(number, 'ascii')]), 'hex');
}

const WHOLE = 1n << 64n;

/**
 * The places drawn of a population of `count`, from 0, in the order drawn: for i = 0, 1, 2 … the first 8 bytes, big-endian,
 * of SHA-256(seed ‖ control id ‖ 0x00 ‖ i as 4 bytes) modulo the count. Values of the last incomplete round of the modulus
 * are passed over, so that no place is likelier than another; so is what was drawn already.
 * @param seed lowercase hex, 32 bytes
 */
export function drawPlaces(seed: string, control: string, count: number, size: number): number[] {
  const wanted = Math.min(size, count);
  const drawn = new Set<number>();
  if (wanted === 0) return [];
  const modulus = BigInt(count);
  const limit = WHOLE - (WHOLE % modulus);
  const start = Buffer.concat([Buffer.from(seed, 'hex'), Buffer.from(`${control}\u0000`, 'ascii')]);
  const input = Buffer.concat([start, Buffer.alloc(4)]);
  for (let round = 0; drawn.size < wanted; round++) {
    input.writeUInt32BE(round, start.length);
    const value = hash('sha256', input, 'buffer').readBigUInt64BE(0);
    if (value < limit) drawn.add(Number(value % modulus));
  }
  return [...drawn];
}
