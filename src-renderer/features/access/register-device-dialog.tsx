import { useId, useState } from 'react';
import type { DeviceView, PersonView } from '#shared/ipc/access-views.ts';
import type { Reauthentication } from '#shared/model/access.ts';
import { call } from '../../bridge/call.ts';
import { useAction } from '../../bridge/use-action.ts';
import { GuardedDialog } from './guarded-dialog.tsx';

interface RegisterDeviceDialogProps {
  readonly people: readonly PersonView[];
  readonly onRegistered: (device: DeviceView) => void;
  readonly onClose: () => void;
}

export function RegisterDeviceDialog({ people, onRegistered, onClose }: RegisterDeviceDialogProps) {
  const [person, setPerson] = useState('');
  const id = useId();
  const register = useAction(async (reauthentication: Reauthentication) => {
    const answer = await call('devices.register', { person, reauthentication });
    if (!answer.cancelled) onRegistered(answer.value);
  });
  return (
    <GuardedDialog
      title="Register a device"
      lead="Whoever holds that device can decide for this person by file. Compare the key id with what they tell you by voice or in person."
      action="Choose the file…"
      busyLabel="Waiting for the file…"
      busy={register.busy}
      error={register.error}
      failed="No device was registered"
      problem={person === '' ? 'Choose whose device it is.' : null}
      onConfirm={(proof) => void register.run(proof)}
      onClose={onClose}
    >
      <div className="field">
        <label htmlFor={`${id}-person`}>Whose device it is</label>
        <select
          className="input"
          id={`${id}-person`}
          value={person}
          disabled={register.busy}
          onChange={(event) => setPerson(event.target.value)}
        >
          <option value="">choose a person</option>
          {people.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name} ({one.email})
            </option>
          ))}
        </select>
      </div>
    </GuardedDialog>
  );
}
