import { useState } from 'react';
import { call } from '../../../bridge/call.ts';
import { useAction } from '../../../bridge/use-action.ts';
import { formatLocalDate } from '../../../format/times.ts';
import { Area, DayField, FormDialog } from '../parts/form-dialog.tsx';
import { doneOn, judgeDone, judgeText } from '../parts/judge-entry.ts';
import type { ControlDialogProps } from './control-dialogs.tsx';

/** Says when a control was performed, what was done, and with which files it is shown. */
export function PerformDialog({ control, onDone, onClose }: ControlDialogProps) {
  const now = Date.now();
  const today = formatLocalDate(new Date(now));
  const [day, setDay] = useState(today);
  const [note, setNote] = useState('');
  const [attach, setAttach] = useState(true);
  const perform = useAction(async () => {
    const on = doneOn(day, Date.now());
    if (on === null) return;
    const answer = await call('compliance.perform', { control: control.id, on, note: note.trim(), attach });
    // no file was chosen: the dialog stays as it is, and nothing is on record
    if (!answer.cancelled) onDone(`${control.id} is on record as done on ${day}`);
  });
  return (
    <FormDialog
      title={`Record ${control.id} as done`}
      lead={control.name}
      action={attach ? 'Choose files and record…' : 'Record it as done'}
      busyLabel={attach ? 'Waiting for the files…' : 'Recording…'}
      busy={perform.busy}
      error={perform.error}
      failed="It was not recorded"
      problem={judgeDone(day, now) ?? judgeText(note, 'Say what was done')}
      note="Goes on record under your name."
      onConfirm={() => void perform.run()}
      onClose={onClose}
    >
      <DayField
        label="Done on"
        hint="The day it was done, not the day it is recorded: both stand in the record."
        value={day}
        busy={perform.busy}
        max={today}
        onChange={setDay}
      />
      <Area
        label="What was done, and what came of it"
        hint="As an auditor would want to read it. Sealed in the record."
        value={note}
        busy={perform.busy}
        onChange={setNote}
      />
      <label className="check">
        <input
          type="checkbox"
          checked={attach}
          disabled={perform.busy}
          onChange={(event) => setAttach(event.currentTarget.checked)}
        />
        Attach files that show it
      </label>
      {attach ? (
        <p className="hint hint-flush">They are kept encrypted here; their digests go on record.</p>
      ) : (
        <p className="hint hint-flush">Without a file an auditor has your word only, and may send it back.</p>
      )}
    </FormDialog>
  );
}
