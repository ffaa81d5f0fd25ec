import { validVectors } from './valid.ts';
import type { Vector } from './vector.ts';

export function allVectors(): Vector[] {
  return [...validVectors()];
}
