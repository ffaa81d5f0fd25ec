import type { Happening } from './happening.ts';
import { MINUTE, of } from './happening.ts';
import type { Stage } from './stage.ts';

/** The alarm pipeline comes in so many times more in the last minutes: a year has as many records as it was asked for. */
export function filling({ cast }: Stage, count: number, from: number): readonly Happening[] {
  const apart = (25 * MINUTE) / Math.max(1, count);
  return Array.from({ length: Math.max(0, count) }, (_, index) => ({
    at: Math.floor(from + index * apart),
    input: of<'auth.user_signed_in'>({
      action: 'auth.user_signed_in',
      outcome: 'success',
      actor: { type: 'api_key', id: cast.pipeline },
      target: { type: 'api_key', id: cast.pipeline },
      device: { id: cast.device.id },
      data: { session: cast.pipeline, method: 'api-key', secondFactor: null },
    }),
  }));
}
