import { useId } from 'react';
import { Button } from '../../../components/button.tsx';
import { formatBytes, formatCount, formatPlural } from '../../../format/numbers.ts';

export interface Progress {
  readonly done: number;
  readonly total: number;
}

interface WorkProgressProps {
  /** What is being done: "Counting". */
  readonly what: string;
  readonly unit?: 'record' | 'byte';
  readonly progress: Progress | null;
  /** Without it there is no way to stop. */
  readonly onCancel?: () => void;
  readonly cancelling?: boolean;
}

/** How far something long has come, and the way to stop it. */
export function WorkProgress({ what, unit = 'record', progress, onCancel, cancelling = false }: WorkProgressProps) {
  const id = useId();
  return (
    <div className="verify-progress">
      <div className="verify-bar">
        <label className="num" htmlFor={id}>
          {progress === null ? `${what}…` : `${what}: ${sayProgress(progress, unit)}`}
        </label>
        {progress === null ? (
          <progress id={id} />
        ) : (
          <progress id={id} value={progress.done} max={Math.max(1, progress.total)} />
        )}
      </div>
      {onCancel === undefined ? null : (
        <Button busy={cancelling} busyLabel="Stopping…" onPress={onCancel}>
          Cancel
        </Button>
      )}
    </div>
  );
}

function sayProgress({ done, total }: Progress, unit: 'record' | 'byte'): string {
  return unit === 'byte'
    ? `${formatBytes(done)} of ${formatBytes(total)}`
    : `${formatCount(done)} of ${formatPlural(total, 'record')}`;
}
