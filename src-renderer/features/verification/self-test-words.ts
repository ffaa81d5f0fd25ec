import type { SelfTest } from '#shared/ipc/verification-views.ts';
import { formatPlural } from '../../format/numbers.ts';
import type { StateWord } from '../../format/words.ts';

export type Attack = SelfTest['attacks'][number];

/** The self-test in a state and a sentence. */
export function wordSelfTest({ attacks }: Pick<SelfTest, 'attacks'>): {
  readonly state: StateWord;
  readonly sentence: string;
} {
  const held = attacks.filter((attack) => attack.held).length;
  const sentence = `${held} of ${formatPlural(attacks.length, 'way')} to change what was written refused or detected`;
  if (attacks.length === 0) return { state: { word: 'Nothing tried', tone: 'warn', shape: 'ring' }, sentence };
  return held === attacks.length
    ? { state: { word: 'Held', tone: 'good', shape: 'check' }, sentence }
    : { state: { word: `${formatPlural(attacks.length - held, 'gap')}`, tone: 'bad', shape: 'cross' }, sentence };
}

/** Those that got through first, then in the order they were tried. */
export function orderAttacks(attacks: readonly Attack[]): readonly Attack[] {
  return [...attacks].sort((left, right) => Number(left.held) - Number(right.held));
}
