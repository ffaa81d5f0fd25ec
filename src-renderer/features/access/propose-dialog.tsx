import type { z } from 'zod';
import type { PolicyPreview as Preview, ProtectionOutcome } from '#shared/ipc/protection-views.ts';
import { call } from '../../bridge/call.ts';
import { useAction } from '../../bridge/use-action.ts';
import { HashText } from '../../components/hash-text.tsx';
import { ModalDialog } from '../../components/modal-dialog.tsx';
import { formatPlural } from '../../format/numbers.ts';
import { describeFailure } from '../approvals/decision-model.ts';
import { type Justified, JustifiedForm } from '../approvals/justified-form.tsx';
import { DiffView } from './diff-view.tsx';

interface ProposeDialogProps {
  readonly text: string;
  readonly preview: z.infer<typeof Preview>;
  readonly onProposed: (outcome: ProtectionOutcome) => void;
  readonly onClose: () => void;
}

/** Asks for another policy. The digest shown is of exactly the text a second person would agree to. */
export function ProposeDialog({ text, preview, onProposed, onClose }: ProposeDialogProps) {
  const propose = useAction(async (_: 'propose', { justification, proof }: Justified) => {
    onProposed(await call('policies.propose', { text, justification, reauthentication: proof }));
  });
  const added = preview.difference.filter(({ kind }) => kind === 'added').length;
  const removed = preview.difference.filter(({ kind }) => kind === 'removed').length;
  return (
    <ModalDialog
      title="Ask for this policy?"
      lead="It takes effect when another person agrees to exactly this text, within 24 hours. In a workspace of one human it takes effect at once."
      size="large"
      locked={propose.busy}
      dismissable={false}
      onClose={onClose}
    >
      <div className="dialog-body">
        <dl className="facts facts-wide">
          <dt>Lines</dt>
          <dd className="num">
            {formatPlural(added, 'line')} added, {removed} removed
          </dd>
          <dt>Dry run</dt>
          <dd className="num">
            {formatPlural(preview.dryRun.changedTotal, 'decision')} of {preview.dryRun.decisions} would have come out
            otherwise
          </dd>
          <dt>Digest</dt>
          <dd>
            {preview.version === null ? '–' : <HashText value={preview.version} what="Digest of the proposed policy" />}
          </dd>
        </dl>
        <DiffView lines={preview.difference} label="Difference to the policy in force" />
      </div>
      <JustifiedForm
        answers={[{ key: 'propose', label: 'Propose', look: 'primary', guarded: true }]}
        busy={propose.busy}
        error={propose.error}
        describe={(error) => ({ ...describeFailure(error), title: 'Nothing was proposed' })}
        note="The old policy stays in force until then."
        closeLabel="Cancel"
        onAnswer={(key, given) => void propose.run(key, given)}
        onClose={onClose}
      />
    </ModalDialog>
  );
}
