import type { ComplianceOverview } from '#shared/ipc/compliance-views.ts';
import { call } from '../../../bridge/call.ts';
import { useAction } from '../../../bridge/use-action.ts';
import type { Query } from '../../../bridge/use-query.ts';
import { useCommands } from '../../../commands/command-context.tsx';
import { CommandButton } from '../../../components/button.tsx';
import { Panel } from '../../../components/panel.tsx';
import { EmptyState, ErrorPanel } from '../../../components/states.tsx';
import { useToasts } from '../../../components/toasts.tsx';
import { formatPlural } from '../../../format/numbers.ts';
import { QueryStates } from '../parts/query-states.tsx';
import { MarkLegend } from '../parts/week-strip.tsx';
import { ControlsTable } from '../register/controls-table.tsx';
import { worstFirst } from '../register/register-filter.ts';
import { FrameworkStrip } from './framework-strip.tsx';
import { OverviewCards } from './overview-cards.tsx';

/** Where the workspace stands: figures of the last twelve months, each framework, each control. */
export function OverviewSection({ overview }: { readonly overview: Query<ComplianceOverview> }) {
  const { data, reload } = overview;
  const toasts = useToasts();
  const check = useAction(async () => {
    const { controls } = await call('compliance.checkNow', {});
    const technical = controls.filter(({ kind }) => kind === 'technical').length;
    toasts.say(`${formatPlural(technical, 'technical control')} checked, the results are on record`);
    reload();
  });
  useCommands([
    {
      id: 'compliance.check',
      title: 'Run the self-checks',
      group: 'Compliance',
      permission: 'compliance.manage',
      keywords: 'technical controls status',
      run: () => void check.run(),
    },
  ]);
  return (
    <>
      <QueryStates query={overview} what="Reading the register…" failed="The register could not be read" />
      {check.error === null ? null : (
        <ErrorPanel error={check.error} title="The self-checks did not run" onDismiss={check.clear} />
      )}
      {data === null ? null : (
        <>
          {data.counting.asOf === null ? (
            <section className="panel" aria-label="Not counted yet">
              <EmptyState title="The records are being counted for the first time">
                <p>Until then no figure is shown: a zero would say more than is known. You can go on working.</p>
              </EmptyState>
            </section>
          ) : (
            <>
              <OverviewCards overview={data} />
              <FrameworkStrip frameworks={data.frameworks} />
            </>
          )}
          <Panel
            title="Controls"
            className="list-section"
            aside={
              <>
                {data.counting.asOf === null || data.controls.length === 0 ? null : (
                  <MarkLegend unit="week" periods={data.controls.flatMap(({ weeks }) => weeks)} />
                )}
                <CommandButton command="compliance.check" busy={check.busy} busyLabel="Checking…" />
              </>
            }
          >
            {data.controls.length === 0 ? (
              <EmptyState title="No control is in the register">
                <p>This build knows of none. Nothing can be said about criteria without controls.</p>
              </EmptyState>
            ) : (
              <ControlsTable controls={worstFirst(data.controls)} counted={data.counting.asOf !== null} />
            )}
          </Panel>
        </>
      )}
    </>
  );
}
