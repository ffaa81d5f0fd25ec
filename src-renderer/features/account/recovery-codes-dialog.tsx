import { useState } from 'react';
import type { Reauthentication } from '#shared/model/access.ts';
import { useAccess } from '../../bridge/access-provider.tsx';
import { call } from '../../bridge/call.ts';
import { useAction } from '../../bridge/use-action.ts';
import { Button } from '../../components/button.tsx';
import { ModalDialog } from '../../components/modal-dialog.tsx';
import { ReauthenticationFields } from '../../components/reauthentication.tsx';
import { isAboutProof } from '../../components/refusal.tsx';
import { ErrorPanel } from '../../components/states.tsx';
import { formatPlural } from '../../format/numbers.ts';
import { RecoveryCodesView } from './recovery-codes.tsx';

/** How many recovery codes are left, and ten new ones in their place. */
export function RecoveryCodesDialog({ onClose }: { readonly onClose: () => void }) {
  const left = useAccess().state.person?.recoveryCodesLeft ?? 0;
  const [proof, setProof] = useState<Reauthentication>({ method: 'password', password: '' });
  const [missing, setMissing] = useState(false);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const renew = useAction(async () => {
    setCodes((await call('account.renewRecoveryCodes', { reauthentication: proof })).codes);
  });
  const empty = proof.method === 'password' ? proof.password === '' : proof.code.trim().length < 6;
  const absent = proof.method === 'password' ? 'Your password is missing.' : 'The code is missing.';
  return (
    <ModalDialog title="Recovery codes" dismissable={false} locked={renew.busy || codes !== null} onClose={onClose}>
      {codes === null ? (
        <form
          className="dialog-form"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            setMissing(empty);
            if (!empty) void renew.run();
          }}
        >
          <div className="dialog-body">
            <p className="num">
              {formatPlural(left, 'recovery code')} left. Ten new ones take the place of all of them: the old ones work
              no more.
            </p>
            {renew.error === null || isAboutProof(renew.error) ? null : (
              <ErrorPanel error={renew.error} title="No new codes were made" hint="The old ones still work." />
            )}
            <ReauthenticationFields
              value={proof}
              onChange={setProof}
              disabled={renew.busy}
              error={renew.error}
              problem={missing && empty ? absent : null}
            />
          </div>
          <footer className="dialog-foot">
            <span className="foot-note" />
            <Button look="ghost" disabled={renew.busy} onPress={onClose}>
              Cancel
            </Button>
            <Button look="primary" submit busy={renew.busy} busyLabel="Making codes…">
              Make ten new codes
            </Button>
          </footer>
        </form>
      ) : (
        <div className="dialog-body dialog-setup">
          <RecoveryCodesView codes={codes} onKept={onClose} />
        </div>
      )}
    </ModalDialog>
  );
}
