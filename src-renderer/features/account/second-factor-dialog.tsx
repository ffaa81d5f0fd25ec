import { useState } from 'react';
import { useAccess } from '../../bridge/access-provider.tsx';
import { ModalDialog } from '../../components/modal-dialog.tsx';
import { useToasts } from '../../components/toasts.tsx';
import { SecondFactorSetup } from './second-factor-setup.tsx';

/** A first authenticator, or another one in place of the one there is. */
export function SecondFactorDialog({ onClose }: { readonly onClose: () => void }) {
  const toasts = useToasts();
  // as it was when the dialog opened: a code that was right changes it while the recovery codes are still to be shown
  const [replaces] = useState(useAccess().state.person?.secondFactor === true);
  // the codes on the screen are shown once: Escape must not take them away
  const [confirmed, setConfirmed] = useState(false);
  return (
    <ModalDialog
      title={replaces ? 'Replace your authenticator' : 'Set up a second factor'}
      {...(replaces ? { lead: 'The old one counts until a code of the new one was right.' } : {})}
      dismissable={false}
      locked={confirmed}
      onClose={onClose}
    >
      <div className="dialog-body dialog-setup">
        <SecondFactorSetup
          onConfirmed={() => setConfirmed(true)}
          onDone={() => {
            toasts.say('Your second factor is set up, and that is on record.');
            onClose();
          }}
        />
      </div>
    </ModalDialog>
  );
}
