import { useId, useState } from 'react';
import type { ReadinessPlan } from '#shared/ipc/compliance-views.ts';
import { call } from '../../../bridge/call.ts';
import { useAction } from '../../../bridge/use-action.ts';
import { formatLocalDate } from '../../../format/times.ts';
import { DayField, FormDialog } from '../parts/form-dialog.tsx';
import { startOfDay } from '../parts/judge-entry.ts';

const WEEKS = [8, 9, 10, 11, 12] as const;

interface PlanDialogProps {
  readonly plan: Pick<ReadinessPlan, 'start' | 'weeks' | 'proposed'>;
  readonly onSet: () => void;
  readonly onClose: () => void;
}

/** When the plan begins and how long it takes. */
export function PlanDialog({ plan, onSet, onClose }: PlanDialogProps) {
  const [day, setDay] = useState(formatLocalDate(new Date(plan.start)));
  const [weeks, setWeeks] = useState(plan.weeks);
  const id = useId();
  const start = startOfDay(day);
  const set = useAction(async () => {
    if (start === null) return;
    await call('compliance.setPlan', { start, weeks });
    onSet();
  });
  return (
    <FormDialog
      title={plan.proposed ? 'Begin the readiness plan' : 'Change the readiness plan'}
      lead="The gaps are laid out over the weeks by their effort. What is done is never typed in: it comes from the register."
      action="Record the plan"
      busy={set.busy}
      error={set.error}
      failed="The plan was not changed"
      problem={start === null ? 'Choose the day it begins.' : null}
      note="Goes on record under your name."
      onConfirm={() => void set.run()}
      onClose={onClose}
    >
      <DayField
        label="Begins on"
        hint="By this computer's clock. A day that has passed is fine: what was to be done by now is then late."
        value={day}
        busy={set.busy}
        onChange={setDay}
      />
      <div className="field field-day">
        <label htmlFor={id}>Weeks</label>
        <select
          id={id}
          className="input"
          value={weeks}
          disabled={set.busy}
          onChange={(event) => setWeeks(Number(event.target.value))}
        >
          {WEEKS.map((count) => (
            <option key={count} value={count}>
              {count} weeks
            </option>
          ))}
        </select>
      </div>
    </FormDialog>
  );
}
