import { useId } from 'react';

export interface Option<T> {
  readonly value: T;
  readonly name: string;
  /** What choosing it means. */
  readonly text: string;
}

interface OptionRadiosProps<T> {
  readonly legend: string;
  /** Where the heading above says what is chosen. */
  readonly legendHidden?: boolean;
  readonly className: string;
  readonly options: readonly Option<T>[];
  readonly value: T;
  readonly disabled?: boolean;
  readonly onChange: (value: T) => void;
}

/** One of a few, each with what it means: called by its name, described by its text. */
export function OptionRadios<T extends string | boolean>({ options, value, onChange, ...props }: OptionRadiosProps<T>) {
  const id = useId();
  return (
    <fieldset className={`options ${props.className}`} disabled={props.disabled ?? false}>
      <legend {...(props.legendHidden === true ? { className: 'visually-hidden' } : {})}>{props.legend}</legend>
      {options.map((option) => {
        const own = `${id}-${option.value}`;
        return (
          <label key={own}>
            <input
              type="radio"
              name={id}
              checked={value === option.value}
              aria-labelledby={own}
              aria-describedby={`${own}-text`}
              onChange={() => onChange(option.value)}
            />
            <span>
              <strong id={own}>{option.name}</strong>
              <span id={`${own}-text`} className="faint">
                {option.text}
              </span>
            </span>
          </label>
        );
      })}
    </fieldset>
  );
}
