import { useId, useState } from 'react';
import type { ControlUpdate } from '#shared/ipc/compliance-channels.ts';
import type { ControlRow } from '#shared/ipc/compliance-views.ts';
import { cadencesBeside, type Frequency } from '#shared/model/control.ts';
import { call } from '../../../bridge/call.ts';
import { useConsole } from '../../../bridge/console-provider.tsx';
import { usePeople } from '../../../bridge/people-provider.tsx';
import { useAction } from '../../../bridge/use-action.ts';
import { formatLocalDate } from '../../../format/times.ts';
import { FREQUENCY_NAMES } from '../compliance-words.ts';
import { Area, DayField, FormDialog } from '../parts/form-dialog.tsx';
import { endOfDay, judgeDue, judgeText } from '../parts/judge-entry.ts';

export interface ControlDialogProps {
  readonly control: ControlRow;
  /** With what is to be told once it is on record. */
  readonly onDone: (told: string) => void;
  readonly onClose: () => void;
}

/** Sends one change of a control, and tells of it once it is on record. */
function useUpdate({ control, onDone }: ControlDialogProps) {
  return useAction(async (update: ControlUpdate, told: string) => {
    await call('compliance.updateControl', { control: control.id, update });
    onDone(told);
  });
}

export function OwnerDialog(props: ControlDialogProps) {
  const { control, onClose } = props;
  const [owner, setOwner] = useState(control.owner?.id ?? '');
  const { user } = useConsole().info;
  const people = usePeople().data ?? [];
  const update = useUpdate(props);
  const id = useId();
  // who may not read the people can still answer for it themselves
  const known = [...people, ...(people.some((person) => person.id === user.id) ? [] : [user])];
  const former =
    control.owner !== null && !known.some((person) => person.id === control.owner?.id) ? control.owner : null;
  const name = known.find((person) => person.id === owner)?.name;
  return (
    <FormDialog
      title={`Who answers for ${control.id}?`}
      lead="The owner is asked when it is due, and stands in reports. An organizational control without one is a gap."
      action="Record the owner"
      busy={update.busy}
      error={update.error}
      failed="The owner was not changed"
      problem={owner === (control.owner?.id ?? '') ? 'That is the owner already.' : null}
      note="Goes on record under your name."
      onConfirm={() =>
        void update.run(
          { kind: 'owner', owner: owner === '' ? null : owner },
          name === undefined ? `${control.id} has no owner now` : `${name} answers for ${control.id} now`,
        )
      }
      onClose={onClose}
    >
      <div className="field">
        <label htmlFor={id}>Owner</label>
        <select
          id={id}
          className="input"
          value={owner}
          disabled={update.busy}
          onChange={(event) => setOwner(event.target.value)}
        >
          <option value="">nobody</option>
          {former === null ? null : <option value={former.id}>{former.name} (not in the workspace any more)</option>}
          {known.map((person) => (
            <option key={person.id} value={person.id}>
              {person.name}
              {person.id === user.id ? ' (you)' : ''}
            </option>
          ))}
        </select>
      </div>
    </FormDialog>
  );
}

export function CadenceDialog(props: ControlDialogProps) {
  const { control, onClose } = props;
  const [frequency, setFrequency] = useState<Frequency>(control.frequency);
  const update = useUpdate(props);
  return (
    <FormDialog
      title={`How often does ${control.id} run?`}
      lead="From now on. Periods that began before are judged by the cadence that was in force then."
      action="Record the cadence"
      busy={update.busy}
      error={update.error}
      failed="The cadence was not changed"
      problem={frequency === control.frequency ? 'That is its cadence already.' : null}
      note="Goes on record under your name."
      onConfirm={() =>
        void update.run({ kind: 'cadence', frequency }, `${control.id} runs ${FREQUENCY_NAMES[frequency]} now`)
      }
      onClose={onClose}
    >
      <fieldset className="options options-dense" disabled={update.busy}>
        <legend>Cadence</legend>
        {cadencesBeside(control.frequency).map((option) => (
          <label key={option}>
            <input type="radio" name="frequency" checked={frequency === option} onChange={() => setFrequency(option)} />
            <span className="capital">{FREQUENCY_NAMES[option]}</span>
          </label>
        ))}
      </fieldset>
    </FormDialog>
  );
}

export function DueDialog(props: ControlDialogProps) {
  const { control, onClose } = props;
  const [day, setDay] = useState(control.due === null ? '' : formatLocalDate(new Date(control.due)));
  const update = useUpdate(props);
  const now = Date.now();
  const clearing = day === '' && control.due !== null;
  return (
    <FormDialog
      title={`When is ${control.id} due?`}
      lead="After that day it counts as overdue until it is recorded as done."
      action={clearing ? 'Record no due date' : 'Record the due date'}
      busy={update.busy}
      error={update.error}
      failed="The due date was not changed"
      problem={clearing ? null : judgeDue(day, now)}
      note="Goes on record under your name."
      onConfirm={() =>
        void update.run(
          { kind: 'due', due: endOfDay(day) },
          clearing ? `${control.id} has no due date now` : `${control.id} is due on ${day}`,
        )
      }
      onClose={onClose}
    >
      <DayField
        label="Due on"
        hint="The end of that day, by this computer's clock. Empty: no due date of its own."
        value={day}
        busy={update.busy}
        min={formatLocalDate(new Date(now))}
        onChange={setDay}
      />
    </FormDialog>
  );
}

export function NotApplicableDialog(props: ControlDialogProps) {
  const { control, onClose } = props;
  const [justification, setJustification] = useState('');
  const update = useUpdate(props);
  return (
    <FormDialog
      title={`${control.id} does not apply here?`}
      lead={control.name}
      action="Record that it does not apply"
      busy={update.busy}
      error={update.error}
      failed="It applies as before"
      problem={judgeText(justification, 'Say why it does not apply')}
      note="Goes on record under your name."
      onConfirm={() =>
        void update.run(
          { kind: 'not-applicable', justification: justification.trim() },
          `${control.id} is on record as not applicable`,
        )
      }
      onClose={onClose}
    >
      <p>
        It is then judged no more, and every report lists it as not applicable with this justification. An auditor will
        read it.
      </p>
      <Area
        label="Why it does not apply"
        hint="Sealed in the record: given in clear where somebody chooses to."
        value={justification}
        busy={update.busy}
        onChange={setJustification}
      />
    </FormDialog>
  );
}

export function ApplicableDialog(props: ControlDialogProps) {
  const { control, onClose } = props;
  const update = useUpdate(props);
  return (
    <FormDialog
      title={`${control.id} applies again?`}
      lead={control.name}
      action="Record that it applies"
      busy={update.busy}
      error={update.error}
      failed="It is still not applicable"
      problem={null}
      note="Goes on record under your name."
      onConfirm={() => void update.run({ kind: 'applicable' }, `${control.id} applies again`)}
      onClose={onClose}
    >
      <p>Its status is computed from evidence again, from now on. That it did not apply stays on record.</p>
    </FormDialog>
  );
}
