import { damagedLines } from './damaged-lines.ts';
import { damagedRecords } from './damaged-records.ts';
import { validVectors } from './valid.ts';
import type { Vector } from './vector.ts';

export function allVectors(): Vector[] {
  return [...validVectors(), ...damagedRecords(), ...damagedLines()];
}
