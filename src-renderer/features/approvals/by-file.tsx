import type { Remediation } from '#shared/model/investigation.ts';
import { useMay } from '../../bridge/access-provider.tsx';
import { call } from '../../bridge/call.ts';
import { useAction } from '../../bridge/use-action.ts';
import { Button } from '../../components/button.tsx';
import { ErrorPanel } from '../../components/states.tsx';
import { useToasts } from '../../components/toasts.tsx';

/** The way to somebody who decides at another console: a signed request out, a signed answer in. */
export function ByFile({ remediation }: { readonly remediation: Remediation }) {
  const may = useMay('investigations.run');
  const toasts = useToasts();
  const save = useAction(async () => {
    const answer = await call('approvals.saveRequest', {
      remediation: remediation.id,
      planDigest: remediation.planDigest,
    });
    if (!answer.cancelled)
      toasts.say(`The request is in ${answer.value.file}. Take the answer in on the Approvals screen.`);
  });
  if (!may || remediation.status !== 'proposed') return null;
  return (
    <div className="by-file">
      <span className="faint">Somebody at another console can decide by file:</span>
      <Button busy={save.busy} busyLabel="Writing…" onPress={() => void save.run()}>
        Save request file…
      </Button>
      {save.error === null ? null : (
        <ErrorPanel error={save.error} title="No request was written" onDismiss={save.clear} />
      )}
    </div>
  );
}
