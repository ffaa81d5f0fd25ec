import { useRef, useState } from 'react';
import type { MadeReport } from '#shared/ipc/compliance-views.ts';
import { useMay } from '../../../bridge/access-provider.tsx';
import { call } from '../../../bridge/call.ts';
import { useConsoleEvents } from '../../../bridge/events.ts';
import { useQuery } from '../../../bridge/use-query.ts';
import { useCommands } from '../../../commands/command-context.tsx';
import { Button, CommandButton } from '../../../components/button.tsx';
import { Panel } from '../../../components/panel.tsx';
import { ErrorPanel } from '../../../components/states.tsx';
import { useFocusInvalid } from '../../../components/use-focus-invalid.ts';
import { useLasting } from '../../../components/use-lasting.ts';
import { MachineFiles } from './machine-files.tsx';
import { MadeReportView } from './made-report.tsx';
import { PreflightList } from './preflight-list.tsx';
import { RecomputingState } from './recomputing-state.tsx';
import { ReperformedView } from './reperformed-view.tsx';
import { ReportBuilder } from './report-builder.tsx';
import { beginChoice, isProblem, requestOf } from './report-choice.ts';
import { ReportList } from './report-list.tsx';
import { useChoiceFacts } from './use-choice-facts.ts';
import { usePreflight } from './use-preflight.ts';
import { type Reperforming, useReperform } from './use-reperform.ts';
import { type ReportMaker, useReport } from './use-report.ts';
import { WorkProgress } from './work-progress.tsx';

/** Reports: chosen, looked at as an auditor would, computed, drawn, written, and recomputed from an exported chain. */
export function ReportsSection() {
  const mayMake = useMay('reports.make');
  const facts = useChoiceFacts();
  const [choice, setChoice] = useState(() => beginChoice(facts.now));
  const [told, setTold] = useState(false);
  const made = useQuery<readonly MadeReport[]>('reports made', () => call('reports.list', {}));
  const { reload } = made;
  const maker = useReport(reload);
  const reperforming = useReperform();
  const asked = requestOf(choice, facts);
  const preflight = usePreflight(isProblem(asked) ? null : asked);
  useConsoleEvents((event) => {
    if (event.type === 'compliance') reload();
  });

  const form = useRef<HTMLFormElement>(null);
  const focusInvalid = useFocusInvalid(form);
  const preview = () => {
    setTold(true);
    if (isProblem(asked)) focusInvalid();
    else void maker.preview.run(asked);
  };
  useCommands([
    ...(maker.report === null
      ? [{ id: 'reports.preview', title: 'Preview', group: 'Reports', shortcut: 'p', run: preview }]
      : []),
    {
      id: 'reports.reperform',
      title: 'Re-perform a report…',
      group: 'Reports',
      keywords: 'recompute verify figures',
      run: () => void reperforming.run.run(),
    },
  ]);

  if (maker.report !== null && !maker.preview.busy) return <MadeReportView maker={maker} onBack={maker.close} />;
  return (
    <>
      <div className="columns columns-report">
        <Panel title="A new report">
          <form ref={form} noValidate onSubmit={(event) => event.preventDefault()}>
            <ReportBuilder choice={choice} facts={facts} asked={asked} told={told} onChange={setChoice} />
          </form>
        </Panel>
        <div className="stack report-side">
          <Panel title="What an auditor would send back">
            <PreflightList preflight={preflight} problem={isProblem(asked) ? asked.text : null} />
          </Panel>
          <PreviewPanel maker={maker} />
        </div>
      </div>
      <ReportList query={made} />
      <ReperformPart reperforming={reperforming} />
      {mayMake ? <MachineFiles now={facts.now} zone={facts.zone} onSaved={reload} /> : null}
    </>
  );
}

function PreviewPanel({ maker }: { readonly maker: ReportMaker }) {
  const { preview, cancel, progress, cancelled } = maker;
  const long = useLasting(preview.busy);
  return (
    <section className="panel" aria-label="Make the report">
      {preview.error === null ? null : (
        <ErrorPanel error={preview.error} title="The report was not made" hint="What you chose is kept." />
      )}
      {long ? (
        <WorkProgress what="Counting" progress={progress} cancelling={cancel.busy} onCancel={() => void cancel.run()} />
      ) : null}
      <div className="pad stack-tight">
        <p className="sub" role="status">
          {cancelled && !preview.busy
            ? 'Stopped: nothing was made, and nothing is on record.'
            : 'It is computed over the whole chain and signed. Nothing is on record before it is written to a file.'}
        </p>
        <div className="row-actions">
          {preview.busy ? (
            <Button look="primary" busy busyLabel="Computing…">
              Preview
            </Button>
          ) : (
            <CommandButton command="reports.preview" look="primary" />
          )}
        </div>
      </div>
    </section>
  );
}

function ReperformPart({ reperforming }: { readonly reperforming: Reperforming }) {
  const { run, result, clear } = reperforming;
  return (
    <Panel
      title="Compute a report again"
      aside={
        result === null || run.busy ? undefined : (
          <Button look="ghost" onPress={clear}>
            Clear this result
          </Button>
        )
      }
    >
      <div className="pad stack-tight">
        <p className="sub">
          Choose a report that was made, then an exported chain. Every figure is computed again from the records and
          compared; each place that differs is named. An auditor does the same without an account.
        </p>
        <RecomputingState recomputing={reperforming} asksForFiles />
        <div className="row-actions">
          <CommandButton command="reports.reperform" busy={run.busy} busyLabel="Recomputing…" />
        </div>
      </div>
      {result === null || run.busy ? null : <ReperformedView result={result} own />}
    </Panel>
  );
}
