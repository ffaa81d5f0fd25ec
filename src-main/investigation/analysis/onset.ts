import type { Measured } from './measure.ts';
import { worseDirection } from './measure.ts';

const UNUSUAL = 2;
const ALLOWED_GAP = 2;

/**
 * Time of the first point of the unusual run that reaches into the window: walks back from the window while no more than
 * two points in a row are usual; forward when the run begins inside the window. Undefined when nothing is unusual.
 */
export function findOnset(measured: Measured): number | undefined {
  const { points, slices, baseline, reference } = measured;
  const fixed = worseDirection(measured.series.kind);
  const direction = fixed === 0 ? (measured.level >= reference ? 1 : -1) : fixed;
  const unusual = (i: number) => (direction * ((points.values[i] ?? 0) - reference)) / baseline.scale > UNUSUAL;
  let onset: number | undefined;
  let usual = 0;
  for (let i = slices.window.from; i < slices.window.to && onset === undefined; i += 1) if (unusual(i)) onset = i;
  if (onset === undefined) return undefined;
  for (let i = onset - 1; i >= 0 && usual <= ALLOWED_GAP; i -= 1) {
    if (unusual(i)) {
      onset = i;
      usual = 0;
    } else usual += 1;
  }
  return points.times[onset];
}
