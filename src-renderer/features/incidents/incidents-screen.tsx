import { useState } from 'react';
import type { Incident } from '#shared/model/incident.ts';
import { useMay } from '../../bridge/access-provider.tsx';
import { call } from '../../bridge/call.ts';
import { useConsole } from '../../bridge/console-provider.tsx';
import { useAction } from '../../bridge/use-action.ts';
import { useCommands } from '../../commands/command-context.tsx';
import { CommandButton } from '../../components/button.tsx';
import { ScreenTitle } from '../../components/screen-title.tsx';
import { ErrorPanel } from '../../components/states.tsx';
import { useToasts } from '../../components/toasts.tsx';
import { formatPlural } from '../../format/numbers.ts';
import { navigate, previousRoute } from '../../navigation/use-route.ts';
import { AlarmDrop } from './alarm-drop.tsx';
import { FirstIncident } from './first-incident.tsx';
import { type DroppedFile, importDropped } from './import-alarm.ts';
import { IncidentQueue } from './incident-queue.tsx';
import { SandboxScenarios } from './sandbox-scenarios.tsx';

/** What happened and what waits: the queue, and the ways an alarm comes in. */
export function IncidentsScreen() {
  const { incidents, info } = useConsole();
  const toasts = useToasts();
  const [from] = useState(previousRoute);
  const returning = from.screen === 'incident' && incidents.some((incident) => incident.id === from.incident);

  const arrived = (incident: Incident) => {
    toasts.say(`${incident.id} opened`);
    navigate({ screen: 'incident', incident: incident.id });
  };
  const importFile = useAction(async () => {
    const answer = await call('incidents.importFile', {});
    if (!answer.cancelled) arrived(answer.value);
  });
  const importDrop = useAction(async (files: readonly DroppedFile[]) => arrived(await importDropped(files)));
  const raise = useAction(async (environment: string) => arrived(await call('sandbox.raiseAlarm', { environment })));

  const mayImport = useMay('incidents.import');
  const sandboxes = !mayImport ? [] : info.environments.filter((environment) => environment.kind === 'sandbox');
  useCommands([
    ...(mayImport
      ? [
          {
            id: 'incidents.import',
            title: 'Import alarm…',
            group: 'Incidents',
            shortcut: 'i',
            keywords: 'file open',
            run: () => void importFile.run(),
          },
        ]
      : []),
    ...sandboxes.map((environment) => ({
      id: `sandbox.raise.${environment.id}`,
      title: `Raise sandbox alarm: ${environment.title}`,
      group: 'Incidents',
      run: () => void raise.run(environment.id),
    })),
  ]);

  const open = incidents.filter((incident) => incident.status !== 'resolved').length;
  const failure = importFile.error ?? importDrop.error;
  const scenarios =
    sandboxes.length === 0 ? null : (
      <SandboxScenarios
        environments={sandboxes}
        busy={raise.busy}
        error={raise.error}
        onRaise={(environment) => void raise.run(environment)}
        onDismiss={raise.clear}
      />
    );

  return (
    <AlarmDrop allowed={mayImport} onDrop={(files) => void importDrop.run(files)} busy={importDrop.busy}>
      <main className="screen screen-fill">
        <div className="screen-head">
          <div>
            <ScreenTitle page="Incidents" takeFocus={!returning}>
              Incidents
            </ScreenTitle>
            <p className="sub">
              {incidents.length === 0
                ? 'Nothing has come in yet.'
                : `${formatPlural(open, 'incident')} not resolved, ${formatPlural(incidents.length, 'incident')} in all`}
            </p>
          </div>
          <CommandButton command="incidents.import" busy={importFile.busy} busyLabel="Importing…" />
        </div>
        {failure === null ? null : (
          <ErrorPanel
            error={failure}
            title="The alarm was not imported"
            hint="Accepted: an EventBridge CloudWatch alarm, an Alertmanager webhook (version 4) or a PagerDuty webhook (version 3), as JSON."
            onDismiss={() => {
              importFile.clear();
              importDrop.clear();
            }}
          />
        )}
        {incidents.length === 0 ? (
          <FirstIncident scenarios={scenarios} mayImport={mayImport} />
        ) : (
          <div className={scenarios === null ? 'columns columns-alone' : 'columns columns-queue'}>
            <IncidentQueue incidents={incidents} returnTo={returning ? from.incident : null} />
            {scenarios}
          </div>
        )}
      </main>
    </AlarmDrop>
  );
}
