import { useEffect, useState } from 'react';
import { AUDIT_ACTIONS, AUDIT_CATEGORIES } from '#shared/model/audit-actions.ts';
import { Outcome } from '#shared/model/audit-record.ts';
import { Button } from '../../components/button.tsx';
import { OUTCOME_WORDS } from '../../format/words.ts';
import { TIME_PRESETS, type TrailFilter } from '../../navigation/route.ts';
import { isFiltered, PRESET_NAMES, setFilter } from './filter-model.ts';

interface TrailFiltersProps {
  readonly filter: TrailFilter;
  readonly onChange: (filter: TrailFilter) => void;
}

/** Narrows the trail. Lists take effect at once, words when typing pauses. */
export function TrailFilters({ filter, onChange }: TrailFiltersProps) {
  const set = (change: Partial<Record<keyof TrailFilter, string>>) => onChange(setFilter(filter, change));
  const actions = AUDIT_ACTIONS.filter(
    (action) => filter.category === undefined || action.startsWith(`${filter.category}.`),
  );
  return (
    <search className="filters" aria-label="Filter the trail">
      <Words
        id="trail-text"
        label="Search"
        hint="ids and actions"
        value={filter.text}
        onChange={(text) => set({ text })}
      />
      <Choice
        label="Time"
        any="any time"
        value={filter.range}
        options={TIME_PRESETS.map((preset) => [preset, PRESET_NAMES[preset]])}
        onChange={(range) => set({ range })}
      />
      <Choice
        label="Category"
        any="any category"
        value={filter.category}
        options={AUDIT_CATEGORIES.map((category) => [category, category])}
        onChange={(category) => set({ category })}
      />
      <Choice
        label="Action"
        any="any action"
        value={filter.action}
        options={actions.map((action) => [
          action,
          filter.category === undefined ? action : action.slice(filter.category.length + 1),
        ])}
        onChange={(action) => set({ action })}
      />
      <Choice
        label="Outcome"
        any="any outcome"
        value={filter.outcome}
        options={Outcome.options.map((outcome) => [outcome, OUTCOME_WORDS[outcome].word.toLowerCase()])}
        onChange={(outcome) => set({ outcome })}
      />
      <Words id="trail-actor" label="Actor" hint="actor id" value={filter.actor} onChange={(actor) => set({ actor })} />
      <Words
        id="trail-incident"
        label="Incident"
        hint="inc-0001"
        value={filter.incident}
        onChange={(incident) => set({ incident })}
      />
      {isFiltered(filter) ? (
        <Button look="ghost" onPress={() => onChange({})}>
          Clear
        </Button>
      ) : null}
    </search>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly any: string;
  readonly value: string | undefined;
  readonly options: readonly (readonly [string, string])[];
  readonly onChange: (value: string) => void;
}

function Choice({ label, any, value, options, onChange }: ChoiceProps) {
  return (
    <select
      aria-label={label}
      className={value === undefined ? 'chip' : 'chip chip-on'}
      value={value ?? ''}
      onChange={(event) => onChange(event.target.value)}
    >
      <option value="">{any}</option>
      {options.map(([option, name]) => (
        <option key={option} value={option}>
          {name}
        </option>
      ))}
    </select>
  );
}

const PAUSE_MS = 250;

interface WordsProps {
  readonly id: string;
  readonly label: string;
  readonly hint: string;
  readonly value: string | undefined;
  readonly onChange: (value: string) => void;
}

function Words({ id, label, hint, value = '', onChange }: WordsProps) {
  const [typed, setTyped] = useState(value);
  const [known, setKnown] = useState(value);
  if (value !== known) {
    setKnown(value);
    setTyped(value);
  }
  useEffect(() => {
    if (typed.trim() === known.trim()) return;
    const timer = setTimeout(() => onChange(typed), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, known, onChange]);
  return (
    <input
      id={id}
      type="search"
      className={value === '' ? 'chip' : 'chip chip-on'}
      aria-label={`${label}: ${hint}`}
      placeholder={id === 'trail-text' ? `Search ${hint}` : `${label}: ${hint}`}
      maxLength={id === 'trail-text' ? 200 : 64}
      spellCheck={false}
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
    />
  );
}
