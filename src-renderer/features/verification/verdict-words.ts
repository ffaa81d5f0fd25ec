import type { VerdictWord } from '#shared/model/verdict.ts';
import type { StateWord } from '../../format/words.ts';

export const VERDICT_WORDS: Readonly<Record<VerdictWord, StateWord>> = {
  valid: { word: 'Valid', tone: 'good', shape: 'check' },
  invalid: { word: 'Invalid', tone: 'bad', shape: 'cross' },
  unreadable: { word: 'Unreadable', tone: 'bad', shape: 'bang' },
};
