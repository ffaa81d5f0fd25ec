import type { Standing } from '#shared/ipc/verification-views.ts';
import type { ChainStatus } from '#shared/ipc/views.ts';
import { formatCount, formatPlural } from '../format/numbers.ts';
import { formatAgo } from '../format/times.ts';
import type { Shape, Tone } from '../format/words.ts';

export interface ChainWord {
  readonly text: string;
  readonly tone: Tone;
  readonly shape: Shape;
}

/**
 * The chain's state in a line. Never more than was checked: "valid" stands alone only when the last check covers every
 * record.
 */
export function wordChain(
  status: ChainStatus,
  verifying: { readonly done: number; readonly total: number } | null,
  now: number,
  standing: Standing['state'] = 'whole',
): ChainWord {
  const records = formatPlural(status.records, 'record');
  if (verifying !== null && verifying.total > 0) {
    const percent = Math.floor((verifying.done / verifying.total) * 100);
    return {
      text: `Checking the chain · ${percent} % of ${formatPlural(verifying.total, 'record')}`,
      tone: 'accent',
      shape: 'dot',
    };
  }
  // what contradicts the history goes before whatever its records say
  if (standing === 'blocked') {
    return { text: `History broken · nothing is written · ${records}`, tone: 'bad', shape: 'cross' };
  }
  const { verified } = status;
  if (verified === null) return { text: `Chain not checked yet · ${records}`, tone: 'warn', shape: 'ring' };
  const ago = formatAgo(Math.max(0, now - Date.parse(verified.at)));
  switch (verified.verdict) {
    case 'invalid':
      return {
        text: `Chain invalid · ${formatPlural(verified.problems, 'problem')} · checked ${ago}`,
        tone: 'bad',
        shape: 'cross',
      };
    case 'unreadable':
      return { text: `Chain unreadable · checked ${ago}`, tone: 'bad', shape: 'cross' };
    case 'valid':
      if (standing === 'acknowledged') {
        return { text: `History broken, acknowledged · ${records} · checked ${ago}`, tone: 'warn', shape: 'diamond' };
      }
      return verified.to >= status.records
        ? { text: `Chain valid · ${records} · checked ${ago}`, tone: 'good', shape: 'check' }
        : {
            text: `Chain valid to ${formatCount(verified.to)} · ${records} · checked ${ago}`,
            tone: 'good',
            shape: 'check',
          };
  }
}
