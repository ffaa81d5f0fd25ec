import type { PolicyVersionView } from '#shared/ipc/protection-views.ts';
import { call } from '../../bridge/call.ts';
import { useQuery } from '../../bridge/use-query.ts';
import { Button } from '../../components/button.tsx';
import { ModalDialog } from '../../components/modal-dialog.tsx';
import { ErrorPanel, Loading } from '../../components/states.tsx';
import { DiffView } from './diff-view.tsx';
import { diffLines } from './line-diff.ts';

interface VersionDialogProps {
  readonly before: PolicyVersionView;
  readonly after: PolicyVersionView;
  readonly onClose: () => void;
}

/** What one version of the policy changed against the one before it. */
export function VersionDialog({ before, after, onClose }: VersionDialogProps) {
  const texts = useQuery(`policy ${before.version} ${after.version}`, async () => {
    const [old, changed] = await Promise.all([
      call('policies.text', { version: before.version }),
      call('policies.text', { version: after.version }),
    ]);
    return diffLines(old.text, changed.text);
  });
  return (
    <ModalDialog
      title={`What version ${after.number} changed`}
      lead={`Against version ${before.number}, line by line.`}
      size="large"
      onClose={onClose}
    >
      <div className="dialog-body">
        {texts.error === null ? null : (
          <ErrorPanel error={texts.error} title="The versions could not be compared" onRetry={texts.reload} />
        )}
        {texts.data === null && texts.loading ? <Loading what="Reading both versions…" /> : null}
        {texts.data === null ? null : <DiffView lines={texts.data} label="Difference between the versions" />}
      </div>
      <footer className="dialog-foot">
        <span className="foot-note" />
        <Button onPress={onClose}>Close</Button>
      </footer>
    </ModalDialog>
  );
}
