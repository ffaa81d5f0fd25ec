import { useEffect, useState } from 'react';

interface ChoiceProps {
  readonly label: string;
  readonly any: string;
  readonly value: string | undefined;
  readonly options: readonly (readonly [string, string])[];
  readonly onChange: (value: string) => void;
}

/** One of a list, or any. */
export function Choice({ label, any, value, options, onChange }: ChoiceProps) {
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
  readonly placeholder?: string;
  /** Takes words that are no filter; true: they are done, and the field is emptied. */
  readonly onCommand?: (typed: string) => boolean;
  readonly most?: number;
  readonly value: string | undefined;
  readonly onChange: (value: string) => void;
}

/** Free words, taken when typing pauses. */
export function Words({ id, label, hint, placeholder, onCommand, most = 64, value = '', onChange }: WordsProps) {
  const [typed, setTyped] = useState(value);
  const [known, setKnown] = useState(value);
  if (value !== known) {
    setKnown(value);
    setTyped(value);
  }
  useEffect(() => {
    if (typed.trim() === known.trim()) return;
    const timer = setTimeout(() => {
      if (onCommand?.(typed) === true) setTyped(known);
      else onChange(typed);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, known, onChange, onCommand]);
  return (
    <input
      id={id}
      type="search"
      className={value === '' ? 'chip' : 'chip chip-on'}
      aria-label={`${label}: ${hint}`}
      placeholder={placeholder ?? label}
      maxLength={most}
      spellCheck={false}
      autoComplete="off"
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
    />
  );
}

interface MomentProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A moment of the local clock, to the second. */
export function Moment({ label, value, onChange }: MomentProps) {
  return (
    <input
      type="datetime-local"
      step={1}
      className={value === '' ? 'chip chip-time num' : 'chip chip-time chip-on num'}
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
