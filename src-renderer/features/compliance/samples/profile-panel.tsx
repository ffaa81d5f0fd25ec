import { useId, useState } from 'react';
import type { ProfileView } from '#shared/ipc/compliance-views.ts';
import { HOUSE_PROFILE } from '#shared/model/control.ts';
import { useMay } from '../../../bridge/access-provider.tsx';
import { call } from '../../../bridge/call.ts';
import { useAction } from '../../../bridge/use-action.ts';
import { Button } from '../../../components/button.tsx';
import { Field } from '../../../components/field.tsx';
import { Panel } from '../../../components/panel.tsx';
import { ErrorPanel } from '../../../components/states.tsx';
import {
  isHouse,
  isProfile,
  readProfile,
  SIZE_NAMES,
  sameProfile,
  type TypedProfile,
  typeProfile,
} from './profile-model.ts';

interface ProfilePanelProps {
  readonly kept: ProfileView;
  readonly typed: TypedProfile;
  readonly onType: (typed: TypedProfile) => void;
  readonly onKept: (kept: ProfileView) => void;
}

/** How many are drawn of each control. The sizes an audit firm uses are its own: they are kept under a name. */
export function ProfilePanel({ kept, typed, onType, onKept }: ProfilePanelProps) {
  const mayManage = useMay('compliance.manage');
  const [saved, setSaved] = useState(false);
  const read = readProfile(typed);
  const problems = isProfile(read) ? {} : read;
  const changed = !isProfile(read) || !sameProfile(read, kept.profile);
  const save = useAction(async () => {
    if (!isProfile(read)) return;
    const next = await call('samples.setProfile', read);
    onKept(next);
    setSaved(true);
  });
  const type = (next: TypedProfile) => {
    setSaved(false);
    onType(next);
  };
  const house = isProfile(read) && isHouse(read);
  return (
    <Panel title="Sample sizes" aside={kept.own ? undefined : 'no profile of your own yet'}>
      <div className="pad stack-tight">
        <p className="sub">
          How many are drawn of a control, by how often it operates; never more than there are. No standard prescribes
          them: they are the audit firm’s own.
        </p>
        <Field
          label="Name of the profile"
          value={typed.name}
          maxLength={60}
          onChange={(name) => type({ ...typed, name })}
          {...(problems.name === undefined ? {} : { problem: problems.name })}
        />
        <div className="size-fields">
          {SIZE_NAMES.map(({ size, label }) => (
            <SizeField
              key={size}
              label={label}
              value={typed.sizes[size]}
              problem={problems[size]}
              onChange={(value) => type({ ...typed, sizes: { ...typed.sizes, [size]: value } })}
            />
          ))}
        </div>
        {save.error === null ? null : <ErrorPanel error={save.error} title="The profile was not kept" />}
        <div className="row-actions">
          {mayManage ? (
            <Button
              busy={save.busy}
              busyLabel="Recording…"
              disabled={!changed || !isProfile(read)}
              onPress={() => void save.run()}
            >
              Keep this profile
            </Button>
          ) : null}
          <Button look="ghost" disabled={house} onPress={() => type(typeProfile(HOUSE_PROFILE))}>
            Back to the house profile
          </Button>
          <span className="sub" role="status">
            {sayState({ saved, changed, mayManage, own: kept.own })}
          </span>
        </div>
      </div>
    </Panel>
  );
}

interface ProfileState {
  readonly saved: boolean;
  readonly changed: boolean;
  readonly mayManage: boolean;
  readonly own: boolean;
}

function sayState({ saved, changed, mayManage, own }: ProfileState): string {
  if (saved) return 'Kept, and on record.';
  if (!changed) return own ? 'This is the profile that is kept.' : '';
  return mayManage
    ? 'Not kept yet: used for the next draw only.'
    : 'Used for the next draw; your role does not keep it.';
}

interface SizeFieldProps {
  readonly label: string;
  readonly value: string;
  readonly problem: string | undefined;
  readonly onChange: (value: string) => void;
}

function SizeField({ label, value, problem, onChange }: SizeFieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="input num"
        inputMode="numeric"
        maxLength={4}
        autoComplete="off"
        value={value}
        aria-invalid={problem !== undefined}
        {...(problem === undefined ? {} : { 'aria-describedby': `${id}-problem` })}
        onChange={(event) => onChange(event.target.value.replace(/\D/g, ''))}
      />
      {problem === undefined ? null : (
        <p id={`${id}-problem`} className="hint hint-bad" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
