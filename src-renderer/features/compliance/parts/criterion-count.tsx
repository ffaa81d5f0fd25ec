import type { CriterionRow } from '#shared/ipc/compliance-views.ts';
import { StateTag } from '../../../components/state-tag.tsx';
import { formatCount } from '../../../format/numbers.ts';
import type { StateWord } from '../../../format/words.ts';
import { CRITERION_WORDS } from '../compliance-words.ts';

interface CriterionCountProps {
  readonly state: CriterionRow['state'];
  readonly count: number;
}

/** How many criteria are in a state, where the column says which. None of them is no state to worry about. */
export function CriterionCount({ state, count }: CriterionCountProps) {
  const words = CRITERION_WORDS[state];
  const shown: StateWord = {
    ...words,
    word: formatCount(count),
    ...(count === 0 ? { tone: 'calm', shape: 'dash' } : {}),
  };
  return (
    <span className="num">
      <StateTag quiet state={shown} />
    </span>
  );
}
