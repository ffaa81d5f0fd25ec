import { Button } from '../../components/button.tsx';
import { CopyButton } from '../../components/hash-text.tsx';
import { ModalDialog } from '../../components/modal-dialog.tsx';
import { TimeText } from '../../components/time-text.tsx';

interface ShownOnceProps {
  readonly title: string;
  readonly lead: string;
  /** What the value is: "Invitation code". */
  readonly what: string;
  readonly value: string;
  readonly expiresAt: string | null;
  readonly onClose: () => void;
}

/** A secret that is shown this one time. A click beside the dialog does not close it: it could not be had back. */
export function ShownOnce({ title, lead, what, value, expiresAt, onClose }: ShownOnceProps) {
  return (
    <ModalDialog title={title} lead={lead} dismissable={false} onClose={onClose}>
      <div className="dialog-body">
        <div className="fingerprint">
          <span className="faint">{what}</span>
          <code className="wrap">{value}</code>
          <div className="copy-line">
            <CopyButton value={value} what={what} />
          </div>
        </div>
        <p>
          <strong>It is shown this one time.</strong> Only a hash of it is kept, so nobody can look it up later.
          {expiresAt === null ? null : (
            <>
              {' '}
              It can be used until <TimeText iso={expiresAt} />.
            </>
          )}
        </p>
      </div>
      <footer className="dialog-foot">
        <span className="foot-note">Closing forgets it here.</span>
        <Button look="primary" onPress={onClose}>
          I have it
        </Button>
      </footer>
    </ModalDialog>
  );
}
