import type { BreakKind, Coverage, HistoryBreak, Standing, WitnessFolder } from '#shared/ipc/verification-views.ts';
import { formatCount, formatPlural } from '../../format/numbers.ts';
import type { StateWord } from '../../format/words.ts';
import type { RangeState } from './coverage-band.ts';

export const RANGE_WORDS: Readonly<Record<RangeState, StateWord>> = {
  valid: { word: 'Valid', tone: 'good', shape: 'check' },
  checking: { word: 'Being checked', tone: 'accent', shape: 'dot' },
  unchecked: { word: 'Unchecked', tone: 'calm', shape: 'ring' },
  invalid: { word: 'Invalid', tone: 'bad', shape: 'cross' },
};

export const BREAK_NAMES: Readonly<Record<BreakKind, string>> = {
  'rolled-back': 'Rolled back',
  forked: 'Forked',
  'head-damaged': 'Newest record damaged',
  'first-record': 'Another first record',
  'schema-changed': 'Guards of the database changed',
  'tree-damaged': 'Tree damaged',
  'checkpoint-missing': 'Checkpoint missing',
  'checkpoint-unreadable': 'Checkpoint unreadable',
  'records-altered': 'Records altered',
};

export const FOLDER_WORDS: Readonly<Record<WitnessFolder['state'], StateWord>> = {
  current: { word: 'Current', tone: 'good', shape: 'check' },
  behind: { word: 'Behind', tone: 'warn', shape: 'diamond' },
  empty: { word: 'Empty', tone: 'warn', shape: 'ring' },
  unreachable: { word: 'Unreachable', tone: 'warn', shape: 'bang' },
  contradicts: { word: 'Contradicts', tone: 'bad', shape: 'cross' },
};

export const COSIGNATURE_WORDS: Readonly<Record<'verified' | 'unknown-key' | 'wrong', StateWord>> = {
  verified: { word: 'Verified', tone: 'good', shape: 'check' },
  'unknown-key': { word: 'Unknown key', tone: 'warn', shape: 'diamond' },
  wrong: { word: 'Wrong', tone: 'bad', shape: 'cross' },
};

export interface StandingWords {
  readonly state: StateWord;
  readonly sentence: string;
}

/** Whether records are read again and checked all the time, and whether some are right now. */
export function wordRunning({ running, ranges }: Coverage): StateWord {
  if (!running) return { word: 'Not running', tone: 'warn', shape: 'bang' };
  return ranges.some(({ state }) => state === 'checking')
    ? { word: 'Reading now', tone: 'accent', shape: 'dot' }
    : { word: 'Running: what is new or old is read again', tone: 'calm', shape: 'check' };
}

/** The own history in a word and a sentence. Says no more than what was compared and read. */
export function wordStanding(standing: Standing, coverage: Coverage | null): StandingWords {
  const breaks = formatPlural(standing.breaks.length, 'break');
  switch (standing.state) {
    case 'blocked':
      return {
        state: { word: 'Broken: nothing is written', tone: 'bad', shape: 'cross' },
        sentence: `${breaks} found. Nothing is written or done until it is acknowledged on record.`,
      };
    case 'acknowledged':
      return {
        state: { word: 'Broken, acknowledged', tone: 'warn', shape: 'diamond' },
        sentence: `${breaks}, acknowledged and named for good. New records are written. ${wordRead(coverage)}`.trim(),
      };
    case 'whole':
      if (coverage !== null && coverage.invalid > 0) {
        return {
          state: { word: 'Records do not hold', tone: 'bad', shape: 'cross' },
          sentence: `${formatPlural(coverage.problemCount, 'problem')} found by reading the records again. New records are written; what does not hold stays named.`,
        };
      }
      return {
        state: { word: 'Whole', tone: 'good', shape: 'check' },
        sentence: `No known checkpoint contradicts the records. ${wordRead(coverage)}`.trim(),
      };
  }
}

function wordRead(coverage: Coverage | null): string {
  if (coverage === null || coverage.records === 0) return '';
  const { valid, records } = coverage;
  return valid >= records
    ? `Each of the ${formatPlural(records, 'record')} was read again and held.`
    : `${formatCount(valid)} of ${formatPlural(records, 'record')} were read again and held.`;
}

/** Where the contradicting checkpoint is kept, as people call it. */
export function wordSource(source: HistoryBreak['source']): string {
  if (source === null) return 'The database itself';
  if (source === 'keychain') return 'The checkpoint in the keychain';
  if (source === 'database') return 'Its own signed checkpoint, in the database';
  return source;
}
