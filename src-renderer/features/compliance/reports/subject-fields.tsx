import { type ReactNode, useId } from 'react';
import { formatUtc } from '../../../format/times.ts';
import { formatRoute } from '../../../navigation/route.ts';
import type { ReportFacts } from './use-choice-facts.ts';

interface SubjectProps {
  readonly facts: ReportFacts;
  readonly value: string;
  readonly problem: string | null;
  readonly onChange: (id: string) => void;
}

const day = (iso: string): string => formatUtc(new Date(iso)).slice(0, 10);

/** Which incident a report tells of. */
export function IncidentField({ facts, value, problem, onChange }: SubjectProps) {
  const incidents = [...facts.incidents].sort((a, b) => b.openedAt.localeCompare(a.openedAt));
  if (incidents.length === 0) return <p className="hint">There is no incident in this workspace yet.</p>;
  return (
    <SelectField label="Incident" value={value} problem={problem} onChange={onChange}>
      <option value="">Choose…</option>
      {incidents.map(({ id, title, openedAt }) => (
        <option key={id} value={id}>
          {`${day(openedAt)} · ${id} · ${title}`}
        </option>
      ))}
    </SelectField>
  );
}

/** Which access review a report tells of. */
export function CampaignField({ facts, value, problem, onChange }: SubjectProps) {
  const { data, error, loading } = facts.campaigns;
  if (error !== null) return <p className="hint hint-bad">The campaigns could not be read: {error.message}</p>;
  if (data === null) return loading ? <p className="hint">Reading campaigns…</p> : null;
  if (data.length === 0) {
    return (
      <p className="hint">
        There was no access review yet.{' '}
        <a href={formatRoute({ screen: 'compliance', section: 'reviews' })}>Open a campaign</a>
      </p>
    );
  }
  return (
    <SelectField label="Campaign" value={value} problem={problem} onChange={onChange}>
      <option value="">Choose…</option>
      {[...data]
        .sort((a, b) => b.opened.localeCompare(a.opened))
        .map(({ id, opened, state, subjects }) => (
          <option key={id} value={id}>
            {`${id} · opened ${day(opened)} · ${state} · ${subjects.length} people`}
          </option>
        ))}
    </SelectField>
  );
}

interface SelectFieldProps {
  readonly label: string;
  readonly value: string;
  readonly problem?: string | null;
  readonly onChange: (value: string) => void;
  readonly children: ReactNode;
}

export function SelectField({ label, value, problem = null, onChange, children }: SelectFieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        className="input"
        value={value}
        aria-invalid={problem !== null}
        {...(problem === null ? {} : { 'aria-describedby': `${id}-problem` })}
        onChange={(event) => onChange(event.target.value)}
      >
        {children}
      </select>
      {problem === null ? null : (
        <p id={`${id}-problem`} className="hint hint-bad" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
