import type { ProfileView } from '#shared/ipc/compliance-views.ts';
import { HOUSE_PROFILE, type SampleProfile } from '#shared/model/control.ts';
import { Field } from '../../../components/field.tsx';

interface SampleFieldsProps {
  readonly sampled: boolean;
  readonly number: string;
  readonly profile: SampleProfile;
  /** The one kept for this workspace; null while it is not known. */
  readonly kept: ProfileView | null;
  readonly onChange: (change: { sampled?: boolean; number?: string; profile?: SampleProfile }) => void;
  readonly problem: string | null;
}

/** A sample within a report: the number that draws it, and how many are drawn. */
export function SampleFields({ sampled, number, profile, kept, onChange, problem }: SampleFieldsProps) {
  const profiles = kept === null || !kept.own ? [HOUSE_PROFILE] : [kept.profile, HOUSE_PROFILE];
  return (
    <fieldset className="part">
      <legend className="visually-hidden">Sample</legend>
      <label className="check">
        <input
          type="checkbox"
          checked={sampled}
          onChange={(event) =>
            onChange({ sampled: event.target.checked, ...(kept === null ? {} : { profile: kept.profile }) })
          }
        />
        Draw a sample
      </label>
      {sampled ? (
        <div className="part-body">
          <div className="field-halves">
            <NumberField value={number} problem={problem} onChange={(typed) => onChange({ number: typed })} />
            <label className="field">
              <span className="field-name">Sample sizes</span>
              <select
                className="input"
                value={profile.name}
                onChange={(event) => {
                  const found = profiles.find(({ name }) => name === event.target.value);
                  if (found !== undefined) onChange({ profile: found });
                }}
              >
                {profiles.map(({ name }) => (
                  <option key={name}>{name}</option>
                ))}
              </select>
            </label>
          </div>
          <SizesLine profile={profile} />
        </div>
      ) : null}
    </fieldset>
  );
}

interface NumberFieldProps {
  readonly value: string;
  readonly problem: string | null;
  readonly onChange: (value: string) => void;
}

/** What the auditor types: with the head of the chain it draws the sample, for anybody to draw again; each draw is on record. */
export function NumberField({ value, problem, onChange }: NumberFieldProps) {
  return (
    <Field
      label="The auditor’s number"
      value={value}
      maxLength={20}
      code
      onChange={(typed) => onChange(typed.replace(/\D/g, ''))}
      {...(problem === null ? {} : { problem })}
    />
  );
}

/** The sizes of a profile in one line. */
function SizesLine({ profile: { sizes } }: { readonly profile: SampleProfile }) {
  return (
    <p className="hint num">
      Drawn of each control: {sizes.event} if it acts each time, {sizes.daily} if daily, {sizes.weekly} weekly,{' '}
      {sizes.monthly} monthly, {sizes.quarterly} quarterly, {sizes.semiannual} twice a year, {sizes.annual} yearly;
      never more than there are.
    </p>
  );
}
