import { useState } from 'react';
import type { ExportResult } from '#shared/ipc/views.ts';
import { call } from '../../bridge/call.ts';
import { useAction } from '../../bridge/use-action.ts';
import { Button } from '../../components/button.tsx';
import { HashText } from '../../components/hash-text.tsx';
import { ModalDialog } from '../../components/modal-dialog.tsx';
import { ErrorPanel } from '../../components/states.tsx';
import { formatBytes, formatCount } from '../../format/numbers.ts';

/** Hands the whole chain on as one file that verifies by itself. */
export function ExportDialog({ onClose }: { readonly onClose: () => void }) {
  const [disclose, setDisclose] = useState(false);
  const [result, setResult] = useState<ExportResult | null>(null);
  const run = useAction(async () => {
    const answer = await call('trail.export', { disclose });
    if (!answer.cancelled) setResult(answer.value);
  });
  return (
    <ModalDialog
      title="Export the chain"
      lead="The whole chain with its checkpoint, in one file. It can be verified offline, without Causeway."
      locked={run.busy}
      onClose={onClose}
    >
      <div className="dialog-body">
        {result === null ? (
          <fieldset className="options">
            <legend>Personal values and justifications</legend>
            <label>
              <input type="radio" name="disclose" checked={!disclose} onChange={() => setDisclose(false)} />
              <span>
                <strong>Withhold</strong>
                <span className="faint">They stay sealed: the file verifies, and does not say them.</span>
              </span>
            </label>
            <label>
              <input type="radio" name="disclose" checked={disclose} onChange={() => setDisclose(true)} />
              <span>
                <strong>Include</strong>
                <span className="faint">Whoever has the file can read them. Give it only to those who may.</span>
              </span>
            </label>
          </fieldset>
        ) : (
          <dl className="facts facts-wide">
            <dt>Written</dt>
            <dd className="wrap">{result.file}</dd>
            <dt>Records</dt>
            <dd className="num">
              {formatCount(result.records)} · {formatBytes(result.bytes)}
            </dd>
            <dt>Digest</dt>
            <dd>
              <HashText value={result.digest} what="Digest of the file" />
            </dd>
          </dl>
        )}
        {run.error === null ? null : <ErrorPanel error={run.error} title="The chain was not exported" />}
      </div>
      <footer className="dialog-foot">
        <span className="foot-note" role="status">
          {run.busy ? 'Writing the file…' : result === null ? '' : 'Exported, and on record.'}
        </span>
        <Button look="ghost" disabled={run.busy} onPress={onClose}>
          {result === null ? 'Cancel' : 'Close'}
        </Button>
        {result === null ? (
          <Button look="primary" busy={run.busy} busyLabel="Exporting…" onPress={() => void run.run()}>
            Choose a file…
          </Button>
        ) : null}
      </footer>
    </ModalDialog>
  );
}
