import { Fragment, type ReactNode, useId } from 'react';
import { ScreenTitle } from '../../components/screen-title.tsx';
import { KeychainNote } from './keychain-note.tsx';

interface EntryFrameProps {
  readonly page: string;
  readonly title: string;
  readonly lead: ReactNode;
  /** The ways to go on from here, beside what one of them asks for. */
  readonly ways?: ReactNode;
  /** False where a field takes the focus: there is one thing to type. */
  readonly takeFocus?: boolean;
  readonly children: ReactNode;
}

/** A window nobody is signed in to: where one is and which ways there are on one side, the work on the other. */
export function EntryFrame({ page, title, lead, ways, takeFocus = true, children }: EntryFrameProps) {
  return (
    <main className="entry">
      <div className="entry-sheet">
        <div className="entry-side">
          <div className="entry-brand">
            <span className="brand-mark" aria-hidden="true" />
            Causeway
          </div>
          <div className="stack-tight">
            <ScreenTitle page={page} takeFocus={takeFocus}>
              {title}
            </ScreenTitle>
            <div className="entry-lead">{lead}</div>
          </div>
          {ways}
          <KeychainNote />
        </div>
        <div className="entry-work">{children}</div>
      </div>
    </main>
  );
}

export interface Way<T extends string> {
  readonly id: T;
  readonly title: string;
  readonly text: string;
  /** Said before the first of those that belong together. */
  readonly heading?: string;
}

interface WayChoiceProps<T extends string> {
  readonly legend: string;
  readonly ways: readonly Way<T>[];
  readonly value: T;
  readonly onChange: (way: T) => void;
}

/** The ways to go on, of which one is open beside it. */
export function WayChoice<T extends string>({ legend, ways, value, onChange }: WayChoiceProps<T>) {
  const name = useId();
  return (
    <fieldset className="options ways">
      <legend className="visually-hidden">{legend}</legend>
      {ways.map((way) => (
        <Fragment key={way.id}>
          {way.heading === undefined ? null : <p className="ways-heading">{way.heading}</p>}
          <label>
            <input
              type="radio"
              name={name}
              checked={way.id === value}
              aria-labelledby={`${name}-${way.id}`}
              aria-describedby={`${name}-${way.id}-text`}
              onChange={() => onChange(way.id)}
            />
            <span>
              <strong id={`${name}-${way.id}`}>{way.title}</strong>
              <span id={`${name}-${way.id}-text`} className="faint">
                {way.text}
              </span>
            </span>
          </label>
        </Fragment>
      ))}
    </fieldset>
  );
}
