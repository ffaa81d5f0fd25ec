import { useEffect, useRef, useState } from 'react';
import type { PendingApproval } from '#shared/ipc/approval-views.ts';
import type { IncidentDetail } from '#shared/ipc/views.ts';
import type { Incident } from '#shared/model/incident.ts';
import type { Investigation } from '#shared/model/investigation.ts';
import { useMay } from '../../bridge/access-provider.tsx';
import { call } from '../../bridge/call.ts';
import { useConsole } from '../../bridge/console-provider.tsx';
import { useConsoleEvents } from '../../bridge/events.ts';
import { useAction } from '../../bridge/use-action.ts';
import { useQuery } from '../../bridge/use-query.ts';
import { useCommands } from '../../commands/command-context.tsx';
import { Panel } from '../../components/panel.tsx';
import { ScreenTitle } from '../../components/screen-title.tsx';
import { EmptyState, ErrorPanel, Loading } from '../../components/states.tsx';
import { useToasts } from '../../components/toasts.tsx';
import { useWide } from '../../components/use-wide.ts';
import { navigate } from '../../navigation/use-route.ts';
import { ApprovalDialog } from '../approvals/approval-dialog.tsx';
import { AgentsPanel } from './agents-panel.tsx';
import { ChartPanel } from './chart-panel.tsx';
import { HypothesesPanel } from './hypotheses-panel.tsx';
import { metricsOf } from './hypothesis-metrics.ts';
import { IncidentHeader } from './incident-header.tsx';
import { ProposedAction } from './proposed-action.tsx';
import { ServiceMapPanel } from './service-map-panel.tsx';
import { TimelinePanel } from './timeline-panel.tsx';

/** Events come in bursts while agents work; the timeline is asked for once per burst. */
const SETTLE_MS = 250;

/** One incident: what is known, what the agents do, what is proposed, what happened. */
export function IncidentScreen({ incident: id }: { readonly incident: string }) {
  const query = useQuery(`incident ${id}`, () => call('incidents.get', { incident: id }));
  const [live, setLive] = useState<{ incident?: Incident; investigation?: Investigation }>({});
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  const { reload } = query;
  useConsoleEvents((event) => {
    if (event.type === 'incident' && event.incident.id === id) setLive((old) => ({ ...old, incident: event.incident }));
    if (event.type === 'investigation' && event.investigation.incident === id) {
      setLive((old) => ({ ...old, investigation: event.investigation }));
    }
    if (event.type === 'verifying' || event.type === 'exporting') return;
    clearTimeout(timer.current);
    timer.current = setTimeout(reload, SETTLE_MS);
  });

  if (query.data === null) {
    return (
      <main className="screen">
        <ScreenTitle page={id} takeFocus={false}>
          {id}
        </ScreenTitle>
        {query.error === null ? (
          <Loading what={`Opening ${id}…`} />
        ) : (
          <ErrorPanel error={query.error} title="The incident could not be opened" onRetry={reload} />
        )}
      </main>
    );
  }
  return (
    <Detail
      detail={{
        ...query.data,
        incident: live.incident ?? query.data.incident,
        investigation: live.investigation ?? query.data.investigation,
      }}
      onReload={reload}
    />
  );
}

const MOST_CHARTS = 2;

function Detail({ detail, onReload }: { readonly detail: IncidentDetail; readonly onReload: () => void }) {
  const { incident, investigation, timeline } = detail;
  const { info, pending } = useConsole();
  const mayRun = useMay('investigations.run');
  const mayDecide = useMay('approvals.decide');
  const toasts = useToasts();
  const [reviewing, setReviewing] = useState<PendingApproval | null>(null);
  const environment = info.environments.find((each) => each.id === incident.environment);
  const running = investigation?.status === 'running';
  const remediation = investigation?.remediation ?? null;
  const proposed = remediation?.status === 'proposed';
  const approval = proposed ? pending.find((one) => one.remediation.id === remediation.id) : undefined;

  const start = useAction(async () => {
    await call('investigations.start', { incident: incident.id });
    onReload();
  });
  const cancel = useAction(async () => {
    if (investigation === null) return;
    await call('investigations.cancel', { investigation: investigation.id });
    toasts.say('Investigation cancelled, its leases revoked');
    onReload();
  });
  const startable =
    mayRun && !running && !proposed && remediation?.status !== 'approved' && remediation?.status !== 'executing';
  useCommands([
    ...(startable
      ? [
          {
            id: 'incident.investigate',
            title: investigation === null ? 'Investigate' : 'Investigate again',
            group: 'This incident',
            shortcut: 's',
            run: () => void start.run(),
          },
        ]
      : []),
    ...(running && mayRun
      ? [
          {
            id: 'incident.cancel',
            title: 'Cancel investigation',
            group: 'This incident',
            shortcut: 'x',
            run: () => void cancel.run(),
          },
        ]
      : []),
    ...(approval !== undefined
      ? [
          {
            id: 'incident.review',
            title: !mayDecide ? 'Read…' : approval.mayNotDecide === null ? 'Review…' : 'Read or reject…',
            group: 'This incident',
            shortcut: 'r',
            keywords: 'approve reject proposed action',
            run: () => setReviewing(approval),
          },
        ]
      : []),
    {
      id: 'incident.trail',
      title: 'Show its records in the trail',
      group: 'This incident',
      run: () => navigate({ screen: 'audit', filter: { incident: incident.id } }),
    },
  ]);

  const failure = start.error ?? cancel.error;
  // A chart is asked for again when an agent came further or the plan did.
  const version = [
    investigation?.status,
    remediation?.status,
    ...(investigation?.agents.map((run) => run.status) ?? []),
  ].join(' ');
  const own = incident.signal.metric;
  const charted = investigation === null || running ? [] : investigation.hypotheses.slice(0, MOST_CHARTS);

  const wide = useWide();
  const map =
    environment === undefined || environment.serviceNames.length === 0 ? null : (
      <ServiceMapPanel environment={environment} incident={incident} investigation={investigation} />
    );

  return (
    <main className="screen">
      <IncidentHeader
        incident={incident}
        environment={environment ?? null}
        starting={start.busy}
        cancelling={cancel.busy}
      />
      {failure === null ? null : (
        <ErrorPanel
          error={failure}
          title={start.error === null ? 'The investigation was not cancelled' : 'The investigation did not start'}
          onDismiss={() => {
            start.clear();
            cancel.clear();
          }}
        />
      )}
      <div className="columns columns-detail">
        <div className="stack">
          {investigation === null ? (
            <NotInvestigated mayRun={mayRun} />
          ) : (
            <>
              {investigation.failure === null ? null : (
                <div className="error-panel" role="alert">
                  <div>
                    <strong>The investigation failed</strong>
                    <p>{investigation.failure}</p>
                    <p>What was collected is kept; leases are revoked. You can investigate again.</p>
                  </div>
                </div>
              )}
              <ChartPanel
                investigation={investigation.id}
                title={`The alarm's signal: ${incident.signal.service}`}
                metrics={[own]}
                version={`${investigation.id} ${version}`}
              />
              <HypothesesPanel investigation={investigation} />
              {charted
                .filter((hypothesis) => metricsOf(hypothesis)[0] !== own)
                .map((hypothesis) => (
                  <ChartPanel
                    key={hypothesis.id}
                    investigation={investigation.id}
                    title={`Hypothesis ${hypothesis.rank}: ${hypothesis.service}`}
                    metrics={metricsOf(hypothesis)}
                    version={version}
                    minor
                    optional
                  />
                ))}
            </>
          )}
          {wide ? map : null}
        </div>
        <div className="stack stack-side">
          {remediation === null ? null : <ProposedAction remediation={remediation} approval={approval ?? null} />}
          {investigation === null ? null : <AgentsPanel investigation={investigation} />}
          <TimelinePanel entries={timeline} />
        </div>
      </div>
      {wide ? null : map}
      {reviewing === null ? null : <ApprovalDialog approval={reviewing} onClose={() => setReviewing(null)} />}
    </main>
  );
}

function NotInvestigated({ mayRun }: { readonly mayRun: boolean }) {
  return (
    <Panel title="Not investigated yet">
      <EmptyState title="What Investigate does">
        <p>
          Three agents read metrics, logs and the infrastructure, each with its own 15-minute credentials for reading
          only. What they find is ranked into hypotheses with evidence; where a change would help, one is proposed for
          people to decide on. Nothing is changed before that.
        </p>
        {mayRun ? null : <p>Starting one is not for your role; what it finds will stand here.</p>}
      </EmptyState>
    </Panel>
  );
}
