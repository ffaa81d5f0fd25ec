import { useState } from 'react';
import type { ReviewView } from '#shared/ipc/compliance-views.ts';
import { call } from '../../../bridge/call.ts';
import { useAction } from '../../../bridge/use-action.ts';
import { formatLocalDate } from '../../../format/times.ts';
import { DayField, FormDialog } from '../parts/form-dialog.tsx';
import { endOfDay, judgeDue } from '../parts/judge-entry.ts';

const USUAL_DAYS = 14;
const DAY = 86_400_000;

interface OpenReviewDialogProps {
  readonly onOpened: (review: ReviewView) => void;
  readonly onClose: () => void;
}

/** Asks until when a new review is due, and freezes who is in it. */
export function OpenReviewDialog({ onOpened, onClose }: OpenReviewDialogProps) {
  const now = Date.now();
  const [day, setDay] = useState(() => formatLocalDate(new Date(Date.now() + USUAL_DAYS * DAY)));
  const open = useAction(async () => {
    const due = endOfDay(day);
    if (due !== null) onOpened(await call('reviews.open', { due }));
  });
  return (
    <FormDialog
      title="Review who has access"
      lead="Everybody who has access at this moment is in it. Who comes later is not; who leaves meanwhile stays listed."
      action="Freeze and open"
      busyLabel="Freezing…"
      busy={open.busy}
      error={open.error}
      failed="The review was not opened"
      problem={judgeDue(day, now)}
      note="Goes on record with the root of the population."
      onConfirm={() => void open.run()}
      onClose={onClose}
    >
      <DayField
        label="Due on"
        hint="The end of that day, by this computer's clock. What is undecided then makes it overdue."
        value={day}
        busy={open.busy}
        min={formatLocalDate(new Date(now))}
        onChange={setDay}
      />
    </FormDialog>
  );
}
