import { useId } from 'react';
import type { Window } from '#shared/model/report.ts';
import { formatLocal, formatUtc } from '../../../format/times.ts';
import { DayField } from './day-field.tsx';
import { SPANS, type WindowChoice } from './report-choice.ts';

interface WindowFieldsProps {
  readonly value: WindowChoice;
  readonly onChange: (value: WindowChoice) => void;
  /** What it comes to, or what is wrong with it. */
  readonly window: Window | string;
  readonly zone: string;
}

/** An observation window: months back from today, or days of one's own. */
export function WindowFields({ value, onChange, window, zone }: WindowFieldsProps) {
  const name = useId();
  return (
    <fieldset className="window-fields">
      <legend>Observation window</legend>
      <div className="pills">
        {SPANS.map((span) => (
          <label key={span} className="pill">
            <input
              type="radio"
              name={name}
              checked={value.span === span}
              onChange={() => onChange({ ...value, span })}
            />
            {span} months
          </label>
        ))}
        <label className="pill">
          <input
            type="radio"
            name={name}
            checked={value.span === 'own'}
            onChange={() => onChange({ ...value, span: 'own' })}
          />
          Own dates
        </label>
      </div>
      {value.span === 'own' ? (
        <div className="day-pair">
          <DayField label="First day (UTC)" value={value.from} onChange={(from) => onChange({ ...value, from })} />
          <DayField label="Last day, included (UTC)" value={value.to} onChange={(to) => onChange({ ...value, to })} />
        </div>
      ) : null}
      <WindowLine window={window} zone={zone} />
    </fieldset>
  );
}

/** A window in UTC and in the zone of this computer; what is wrong with it where there is none. */
export function WindowLine({ window, zone }: { readonly window: Window | string; readonly zone: string }) {
  if (typeof window === 'string') {
    return (
      <p className="hint hint-bad" role="alert">
        {window}
      </p>
    );
  }
  const from = new Date(window.from);
  const to = new Date(window.to);
  return (
    <p className="hint window-line">
      <span className="time-full">
        {shortUtc(from)} to {shortUtc(to)} UTC
      </span>
      {zone === 'UTC' ? null : (
        <span className="time-full">
          {formatLocal(from).slice(0, 16)} to {formatLocal(to).slice(0, 16)} in {zone}
        </span>
      )}
    </p>
  );
}

const shortUtc = (time: Date): string => formatUtc(time).slice(0, 16);
