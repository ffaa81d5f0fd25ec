import type { ProtectionRequest } from '#shared/ipc/protection-views.ts';
import { HashText } from '../../components/hash-text.tsx';
import { ModalDialog } from '../../components/modal-dialog.tsx';
import { Countdown, TimeText } from '../../components/time-text.tsx';
import { formatRoute } from '../../navigation/route.ts';
import { RecordedNote } from '../approvals/recorded-note.tsx';
import { KIND_NAMES } from './access-words.ts';

/** Said once something was asked for that takes two: nothing has changed yet, who is needed, and until when. */
export function WaitingDialog({
  request,
  onClose,
}: {
  readonly request: ProtectionRequest;
  readonly onClose: () => void;
}) {
  return (
    <ModalDialog title={KIND_NAMES[request.kind]} dismissable={false} onClose={onClose}>
      <RecordedNote
        waiting
        title="Waiting for a second person. Nothing has changed yet."
        link={{ href: formatRoute({ screen: 'access', section: 'changes' }), text: 'See what waits' }}
        onClose={onClose}
      >
        <p>
          Another person with the right to decide on protections has to agree to exactly this, at this console, by{' '}
          <TimeText iso={request.expiresAt} /> (<Countdown until={request.expiresAt} /> left). If nobody does, it does
          not happen.
        </p>
        <p>
          What they agree to: <HashText value={request.digest} what="Digest of the change" />. You can withdraw it until
          then.
        </p>
      </RecordedNote>
    </ModalDialog>
  );
}
