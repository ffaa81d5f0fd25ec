import type { StateWord } from '../../../format/words.ts';
import { Choice, Words } from '../../audit/filter-fields.tsx';

interface StateFilter<State extends string> {
  readonly state?: State;
  readonly text?: string;
}

interface StateSearchProps<State extends string> {
  readonly id: string;
  readonly label: string;
  readonly hint: string;
  readonly placeholder: string;
  readonly filter: StateFilter<State>;
  readonly states: readonly State[];
  readonly words: Readonly<Record<State, StateWord>>;
  readonly onChange: (filter: StateFilter<State>) => void;
}

/** What of a list is shown: what has these words, and is in this state. */
export function StateSearch<State extends string>({
  filter,
  states,
  words,
  onChange,
  ...say
}: StateSearchProps<State>) {
  return (
    <search className="filters" aria-label={say.label}>
      <Words
        id={say.id}
        label="Search"
        hint={say.hint}
        placeholder={say.placeholder}
        most={200}
        value={filter.text}
        onChange={(text) => onChange({ ...filter, text })}
      />
      <Choice
        label="State"
        any="any state"
        value={filter.state}
        options={states.map((state) => [state, words[state].word.toLowerCase()])}
        onChange={(value) => {
          const { state: _, ...rest } = filter;
          const state = states.find((known) => known === value);
          onChange(state === undefined ? rest : { ...rest, state });
        }}
      />
    </search>
  );
}
