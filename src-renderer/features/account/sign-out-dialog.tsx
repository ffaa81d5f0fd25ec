import { useAccess } from '../../bridge/access-provider.tsx';
import { call } from '../../bridge/call.ts';
import { useAction } from '../../bridge/use-action.ts';
import { Button } from '../../components/button.tsx';
import { ModalDialog } from '../../components/modal-dialog.tsx';
import { ErrorPanel } from '../../components/states.tsx';

/** Ends all sessions of the own account, this one too. */
export function SignOutEverywhereDialog({ onClose }: { readonly onClose: () => void }) {
  const { accept } = useAccess();
  const leave = useAction(async () => accept(await call('access.signOut', { everywhere: true })));
  return (
    <ModalDialog title="Sign out everywhere?" size="small" dismissable={false} locked={leave.busy} onClose={onClose}>
      <div className="dialog-body">
        <p>
          All your sessions in this workspace end, this one too. Do it when you are not sure that they are all yours.
        </p>
        {leave.error === null ? null : <ErrorPanel error={leave.error} title="Nobody was signed out" />}
      </div>
      <footer className="dialog-foot">
        <span className="foot-note" />
        <Button look="ghost" disabled={leave.busy} onPress={onClose}>
          Cancel
        </Button>
        <Button look="primary" busy={leave.busy} busyLabel="Signing out…" onPress={() => void leave.run()}>
          Sign out everywhere
        </Button>
      </footer>
    </ModalDialog>
  );
}
