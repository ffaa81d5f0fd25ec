import { useId } from 'react';

interface DayFieldProps {
  readonly label: string;
  readonly value: string;
  readonly problem?: string | null;
  readonly onChange: (day: string) => void;
}

/** A day of UTC. */
export function DayField({ label, value, problem = null, onChange }: DayFieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="date"
        className="input"
        value={value}
        max="9999-12-31"
        aria-invalid={problem !== null}
        {...(problem === null ? {} : { 'aria-describedby': `${id}-problem` })}
        onChange={(event) => onChange(event.target.value)}
      />
      {problem === null ? null : (
        <p id={`${id}-problem`} className="hint hint-bad" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
