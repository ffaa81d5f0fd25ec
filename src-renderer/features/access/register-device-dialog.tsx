import type { DeviceView, OfferedDevice } from '#shared/ipc/access-views.ts';
import type { Reauthentication } from '#shared/model/access.ts';
import { call } from '../../bridge/call.ts';
import { useAction } from '../../bridge/use-action.ts';
import { GuardedDialog } from './guarded-dialog.tsx';

interface RegisterDeviceDialogProps {
  /** What the chosen file says. */
  readonly offered: OfferedDevice;
  readonly onRegistered: (device: DeviceView) => void;
  readonly onClose: () => void;
}

/** Whoever is signed in registers their own device: the id of its key is compared before anything is done. */
export function RegisterDeviceDialog({ offered, onRegistered, onClose }: RegisterDeviceDialogProps) {
  const register = useAction(async (reauthentication: Reauthentication) => {
    onRegistered(await call('devices.register', { keyId: offered.keyId, reauthentication }));
  });
  return (
    <GuardedDialog
      title="Register your device"
      lead="Whoever holds that device can decide in your name by file. Register it only if its key is the one your other console showed you."
      action="Register as mine"
      busyLabel="Registering…"
      busy={register.busy}
      error={register.error}
      failed="No device was registered"
      onConfirm={(proof) => void register.run(proof)}
      onClose={onClose}
    >
      <p className="fingerprint">
        <span className="faint">Key id, to be compared</span>
        <code className="wrap">{offered.keyId}</code>
      </p>
      <p className="sub external-wrap">
        “{offered.label}”{offered.person === null ? '' : `; its file says it is of ${offered.person}`}
      </p>
    </GuardedDialog>
  );
}
