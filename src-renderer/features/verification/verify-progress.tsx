import { Button } from '../../components/button.tsx';
import { formatCount, formatPlural } from '../../format/numbers.ts';

interface VerifyProgressProps {
  readonly progress: { readonly done: number; readonly total: number } | null;
  readonly onCancel: () => void;
}

export function VerifyProgress({ progress, onCancel }: VerifyProgressProps) {
  return (
    <div className="verify-progress">
      <label className="num">
        {progress === null
          ? 'Verifying…'
          : `Verifying record ${formatCount(progress.done)} of ${formatPlural(progress.total, 'record')}`}
        {progress === null ? <progress /> : <progress value={progress.done} max={Math.max(1, progress.total)} />}
      </label>
      <Button onPress={onCancel}>Cancel</Button>
    </div>
  );
}
