import type { ReactNode } from 'react';

interface FirstIncidentProps {
  readonly scenarios: ReactNode;
  readonly mayImport: boolean;
}

/** What a first visitor sees: what happens here, in the order it happens, and the button it begins with. */
export function FirstIncident({ scenarios, mayImport }: FirstIncidentProps) {
  return (
    <div className="first">
      <section className="panel first-steps" aria-labelledby="first-title">
        <h2 id="first-title">From an alarm to evidence, in four steps</h2>
        <ol>
          <li>
            <strong>An alarm comes in</strong>
            <span>
              {!mayImport
                ? 'It appears here as soon as somebody imports one.'
                : scenarios === null
                  ? 'Import an alarm file, or drop one here.'
                  : 'Raise one below on the sandbox, or drop an alarm file here.'}
            </span>
          </li>
          <li>
            <strong>Agents investigate</strong>
            <span>Each with its own 15-minute credentials, for reading only.</span>
          </li>
          <li>
            <strong>People decide</strong>
            <span>Nothing is changed before somebody approves exactly what will happen.</span>
          </li>
          <li>
            <strong>It is on record</strong>
            <span>Every step is in a signed chain that anyone can verify.</span>
          </li>
        </ol>
      </section>
      {scenarios}
    </div>
  );
}
