import { useId } from 'react';
import { Button } from '../../components/button.tsx';
import { formatCount, formatPlural } from '../../format/numbers.ts';

interface VerifyProgressProps {
  readonly progress: { readonly done: number; readonly total: number } | null;
  readonly onCancel: () => void;
}

export function VerifyProgress({ progress, onCancel }: VerifyProgressProps) {
  const id = useId();
  return (
    <div className="verify-progress">
      <div className="verify-bar">
        <label className="num" htmlFor={id}>
          {progress === null
            ? 'Verifying…'
            : `Verifying record ${formatCount(progress.done)} of ${formatPlural(progress.total, 'record')}`}
        </label>
        {progress === null ? (
          <progress id={id} />
        ) : (
          <progress id={id} value={progress.done} max={Math.max(1, progress.total)} />
        )}
      </div>
      <Button onPress={onCancel}>Cancel</Button>
    </div>
  );
}
