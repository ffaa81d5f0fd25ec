import type { StateWord } from '../format/words.ts';
import { ShapeIcon } from './shape-icon.tsx';

/** A state as word, shape and colour, in this order of importance. */
export function StateTag({ state, quiet = false }: { readonly state: StateWord; readonly quiet?: boolean }) {
  return (
    <span className={`tag tone-${state.tone}${quiet ? ' tag-quiet' : ''}`}>
      <ShapeIcon shape={state.shape} />
      {state.word}
    </span>
  );
}
