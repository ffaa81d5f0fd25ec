import { useState } from 'react';
import type { DeviceView, OfferedDevice, PersonView } from '#shared/ipc/access-views.ts';
import { useAccess, useMay } from '../../bridge/access-provider.tsx';
import { call } from '../../bridge/call.ts';
import { useConsoleEvents } from '../../bridge/events.ts';
import { useAction } from '../../bridge/use-action.ts';
import { useQuery } from '../../bridge/use-query.ts';
import { useCommands } from '../../commands/command-context.tsx';
import { Button, CommandButton } from '../../components/button.tsx';
import { Panel } from '../../components/panel.tsx';
import { EmptyState, ErrorPanel, Loading } from '../../components/states.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { useToasts } from '../../components/toasts.tsx';
import { ConfirmDialog } from '../verification/confirm-dialog.tsx';
import { nameOf } from './people-names.ts';
import { RegisterDeviceDialog } from './register-device-dialog.tsx';

/** Devices whose keys may sign decisions that come back by file. */
export function DevicesSection({ people }: { readonly people: readonly PersonView[] }) {
  const mayManage = useMay('people.manage');
  const self = useAccess().state.person?.id;
  const toasts = useToasts();
  const query = useQuery('devices', () => call('devices.list', {}));
  const [offered, setOffered] = useState<OfferedDevice | null>(null);
  const [removing, setRemoving] = useState<DeviceView | null>(null);
  const { reload, data } = query;
  useConsoleEvents((event) => {
    if (event.type === 'people') reload();
  });
  const exportOwn = useAction(async () => {
    const answer = await call('devices.exportOwn', {});
    if (!answer.cancelled) toasts.say(`Your key at this device, ${answer.value.keyId}, is in ${answer.value.file}`);
  });
  const choose = useAction(async () => {
    const answer = await call('devices.choose', {});
    if (!answer.cancelled) setOffered(answer.value);
  });
  const remove = useAction(async (device: DeviceView) => {
    await call('devices.remove', { device: device.id });
    toasts.say(`“${device.label}” signs no decisions any more`);
    setRemoving(null);
    reload();
  });
  useCommands([
    { id: 'devices.exportOwn', title: "Export this device's key…", group: 'Access', run: () => void exportOwn.run() },
    { id: 'devices.register', title: 'Register your device…', group: 'Access', run: () => void choose.run() },
  ]);
  return (
    <Panel
      title="Devices that may decide by file"
      className="list-section"
      aside={
        <>
          <CommandButton command="devices.exportOwn" busy={exportOwn.busy} busyLabel="Writing…" />
          <CommandButton command="devices.register" look="primary" busy={choose.busy} busyLabel="Choosing…" />
        </>
      }
    >
      {exportOwn.error === null ? null : (
        <ErrorPanel error={exportOwn.error} title="The key was not exported" onDismiss={exportOwn.clear} />
      )}
      {choose.error === null ? null : (
        <ErrorPanel error={choose.error} title="The file was not taken" onDismiss={choose.clear} />
      )}
      {query.error === null ? null : (
        <ErrorPanel error={query.error} title="The devices could not be read" onRetry={reload} />
      )}
      {data === null && query.loading ? <Loading what="Reading devices…" /> : null}
      {data === null ? null : data.length === 0 ? (
        <EmptyState title="No device is registered">
          <p>
            Somebody who sits at another console can decide there: they get a request as a file, and sign their answer
            with their device's key. It counts only when that key is registered here.
          </p>
          <ol className="steps">
            <li>They export their device's key at their console, note its key id, and bring the file here.</li>
            <li>
              Signed in here, they register it as their own, after comparing the key id. Nobody can do it for them.
            </li>
          </ol>
        </EmptyState>
      ) : (
        <DeviceTable
          devices={data}
          people={people}
          mayRemove={({ person }) => mayManage || person === self}
          onRemove={setRemoving}
        />
      )}
      {offered === null ? null : (
        <RegisterDeviceDialog
          offered={offered}
          onRegistered={(device) => {
            setOffered(null);
            toasts.say(`“${device.label}” is registered under key ${device.keyId}`);
            reload();
          }}
          onClose={() => setOffered(null)}
        />
      )}
      {removing === null ? null : (
        <ConfirmDialog
          title={`Remove the device “${removing.label}”?`}
          lead="Answers signed by it are refused from then on, those on their way too."
          action="Remove the device"
          look="reject"
          busy={remove.busy}
          error={remove.error}
          failed="The device was not removed"
          onConfirm={() => void remove.run(removing)}
          onClose={() => {
            remove.clear();
            setRemoving(null);
          }}
        >
          <p className="fingerprint">
            <span className="faint">Key id</span>
            <code className="wrap">{removing.keyId}</code>
          </p>
          <p className="sub">It belongs to {nameOf(people, removing.person)}. Decisions it signed before stay valid.</p>
        </ConfirmDialog>
      )}
    </Panel>
  );
}

interface DeviceTableProps {
  readonly devices: readonly DeviceView[];
  readonly people: readonly PersonView[];
  readonly mayRemove: (device: DeviceView) => boolean;
  readonly onRemove: (device: DeviceView) => void;
}

function DeviceTable({ devices, people, mayRemove, onRemove }: DeviceTableProps) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Device</th>
          <th scope="col">Key id</th>
          <th scope="col">Decides for</th>
          <th scope="col">Registered</th>
          <th scope="col">
            <span className="visually-hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {devices.map((device) => (
          <tr key={device.id}>
            <td className="external-wrap">
              <strong>{device.label}</strong>
            </td>
            <td>
              <code className="wrap">{device.keyId}</code>
            </td>
            <td className="external-wrap">{nameOf(people, device.person)}</td>
            <td className="external-wrap">
              <TimeText iso={device.registeredAt} />
              {device.registeredBy === device.person ? null : (
                <span className="block faint">
                  by {nameOf(people, device.registeredBy)}: it decides nothing until its owner registers it
                </span>
              )}
            </td>
            <td className="cell-actions">
              {mayRemove(device) ? (
                <Button look="ghost" label={`Remove the device ${device.label}…`} onPress={() => onRemove(device)}>
                  Remove…
                </Button>
              ) : null}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
