import { damagedDisclosures } from './damaged-disclosures.ts';
import { damagedEnds } from './damaged-ends.ts';
import { damagedExtracts } from './damaged-extracts.ts';
import { damagedHeaders } from './damaged-headers.ts';
import { damagedKeys } from './damaged-keys.ts';
import { damagedLines } from './damaged-lines.ts';
import { damagedRecords } from './damaged-records.ts';
import { damagedSmallOrder } from './damaged-small-order.ts';
import { validVectors } from './valid.ts';
import type { Vector } from './vector.ts';

export function allVectors(): Vector[] {
  return [
    ...validVectors(),
    ...damagedRecords(),
    ...damagedLines(),
    ...damagedKeys(),
    ...damagedHeaders(),
    ...damagedEnds(),
    ...damagedDisclosures(),
    ...damagedExtracts(),
    ...damagedSmallOrder(),
  ];
}
