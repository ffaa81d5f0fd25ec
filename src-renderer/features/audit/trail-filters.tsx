import { AUDIT_ACTIONS, AUDIT_CATEGORIES } from '#shared/model/audit-actions.ts';
import { Outcome } from '#shared/model/audit-record.ts';
import { Button } from '../../components/button.tsx';
import { ShapeIcon } from '../../components/shape-icon.tsx';
import { OUTCOME_WORDS } from '../../format/words.ts';
import type { TrailFilter } from '../../navigation/route.ts';
import { Choice, Moment, Words } from './filter-fields.tsx';
import {
  chipsOf,
  type FilterChange,
  fromLocalField,
  PRESET_NAMES,
  recordNumber,
  setFilter,
  toLocalField,
} from './filter-model.ts';

interface TrailFiltersProps {
  readonly filter: TrailFilter;
  readonly onChange: (filter: TrailFilter) => void;
  /** A record was asked for by its number. */
  readonly onJump: (seq: number) => void;
}

const DAY = 86_400_000;

/** Narrows the trail. Lists take effect at once, words when typing pauses. */
export function TrailFilters({ filter, onChange, onJump }: TrailFiltersProps) {
  const set = (change: FilterChange) => onChange(setFilter(filter, change));
  const actions = AUDIT_ACTIONS.filter(
    (action) => filter.category === undefined || action.startsWith(`${filter.category}.`),
  );
  const exact = filter.from !== undefined || filter.to !== undefined;
  const setTime = (value: string) => {
    if (value === 'exact') set({ from: new Date(Math.floor(Date.now() / 1000) * 1000 - DAY).toISOString() });
    else set({ range: value, from: '', to: '' });
  };
  return (
    <search className="filters" aria-label="Filter the trail">
      <Words
        id="trail-text"
        label="Search"
        hint="words of ids and data, or #number"
        placeholder="Search ids and data"
        most={200}
        value={filter.text}
        onChange={(text) => set({ text })}
        onCommand={(typed) => {
          const seq = recordNumber(typed);
          if (seq !== null) onJump(seq);
          return seq !== null;
        }}
      />
      <Choice
        label="Time"
        any="any time"
        value={exact ? 'exact' : filter.range}
        options={[...Object.entries(PRESET_NAMES), ['exact', 'from … to …']]}
        onChange={setTime}
      />
      {exact ? (
        <>
          <Moment
            label="From, local time"
            value={toLocalField(filter.from)}
            onChange={(value) => set({ from: fromLocalField(value) })}
          />
          <Moment
            label="To, local time"
            value={toLocalField(filter.to)}
            onChange={(value) => set({ to: fromLocalField(value, true) })}
          />
        </>
      ) : null}
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
      <Words id="trail-actor" label="Actor" hint="id" value={filter.actor} onChange={(actor) => set({ actor })} />
      <Words
        id="trail-target"
        label="Target"
        hint="id or ARN"
        most={1024}
        value={filter.target}
        onChange={(target) => set({ target })}
      />
      <Words
        id="trail-incident"
        label="Incident"
        hint="inc-0001"
        value={filter.incident}
        onChange={(incident) => set({ incident })}
      />
    </search>
  );
}

/** What the trail is narrowed to, each a press away from being taken out. */
export function FilterChips({ filter, onChange }: Omit<TrailFiltersProps, 'onJump'>) {
  const chips = chipsOf(filter);
  if (chips.length === 0) return null;
  return (
    <ul className="filter-chips" aria-label="Filters in force">
      {chips.map(({ member, name, value }) => (
        <li key={member}>
          <Button
            className="filter-chip"
            look="ghost"
            label={`Take out ${name}: ${value}`}
            onPress={() => onChange(setFilter(filter, { [member]: '' }))}
          >
            <span className="faint">{name}</span> <span className="filter-value">{value}</span>
            <ShapeIcon shape="cross" />
          </Button>
        </li>
      ))}
      <li>
        <Button look="ghost" onPress={() => onChange({})}>
          Clear all
        </Button>
      </li>
    </ul>
  );
}
