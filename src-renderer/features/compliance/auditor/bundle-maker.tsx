import { useState } from 'react';
import type { ReportRequest } from '#shared/model/report.ts';
import { Button } from '../../../components/button.tsx';
import { HashText } from '../../../components/hash-text.tsx';
import { Panel } from '../../../components/panel.tsx';
import { ShapeIcon } from '../../../components/shape-icon.tsx';
import { EmptyState, ErrorPanel } from '../../../components/states.tsx';
import { useLasting } from '../../../components/use-lasting.ts';
import { formatPlural } from '../../../format/numbers.ts';
import { type Option, OptionRadios } from '../reports/option-radios.tsx';
import { REPORT_TERMS } from '../reports/report-words.ts';
import { describeRequest } from '../reports/request-words.ts';
import { useChoiceFacts } from '../reports/use-choice-facts.ts';
import { WorkProgress } from '../reports/work-progress.tsx';
import { AddReportDialog } from './add-report-dialog.tsx';
import { type BundleMaking, useBundle } from './use-bundle.ts';

type Disclose = 'none' | 'reports' | 'all';
const DISCLOSURES: readonly Option<Disclose>[] = [
  {
    value: 'none',
    name: 'None',
    text: 'The chain keeps every name, title and reason sealed. Figures can be recomputed, people cannot be named.',
  },
  {
    value: 'reports',
    name: 'Those the reports give',
    text: 'The auditor can check what the reports give in clear against the chain, and reads nothing else.',
  },
  {
    value: 'all',
    name: 'All of them',
    text: 'Whoever has the folder reads every name, title and reason on record. It cannot be taken back.',
  },
];
const MOST = 16;

/** A folder for an auditor: reports, the chain they were made over, what opens it, and the means to check all of it. */
export function BundleMaker({ onMade }: { readonly onMade: () => void }) {
  const facts = useChoiceFacts();
  const [reports, setReports] = useState<readonly ReportRequest[]>([]);
  const [disclose, setDisclose] = useState<Disclose>('reports');
  const [machine, setMachine] = useState(true);
  const [adding, setAdding] = useState(false);
  const making = useBundle(onMade);
  const { save } = making;
  return (
    <Panel
      title="A bundle for the auditor"
      aside={
        <Button disabled={save.busy || reports.length >= MOST} onPress={() => setAdding(true)}>
          Add a report…
        </Button>
      }
    >
      {reports.length === 0 ? (
        <EmptyState title="No report in it yet">
          <p>
            A bundle is a folder: the reports you choose, the whole chain they were made over, a verifier that runs
            without Causeway, and a signed list of all files with their digests. The auditor needs no account.
          </p>
        </EmptyState>
      ) : (
        <ol className="request-list">
          {reports.map((request, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two may be alike, and they have nothing else to be told by
            <li key={index}>
              <div>
                <strong>{REPORT_TERMS[request.kind].name}</strong>
                <span className="block sub wrap">{describeRequest(request)}</span>
              </div>
              <Button
                look="ghost"
                disabled={save.busy}
                label={`Take out report ${index + 1}, ${REPORT_TERMS[request.kind].name}`}
                onPress={() => setReports(reports.filter((_, other) => other !== index))}
              >
                Take out
              </Button>
            </li>
          ))}
        </ol>
      )}
      <div className="pad stack-tight bundle-options">
        <OptionRadios
          legend="Sealed values the chain file opens"
          className="disclose-options"
          options={DISCLOSURES}
          value={disclose}
          disabled={save.busy}
          onChange={setDisclose}
        />
        <label className="check">
          <input
            type="checkbox"
            checked={machine}
            disabled={save.busy}
            onChange={(event) => setMachine(event.target.checked)}
          />
          With the files for other programs (OSCAL, OCSF)
        </label>
        <BundleState making={making} />
        <div className="row-actions">
          <Button
            look="primary"
            busy={save.busy}
            busyLabel="Making the bundle…"
            disabled={reports.length === 0}
            onPress={() => void save.run({ reports: [...reports], disclose, machine })}
          >
            Make the bundle…
          </Button>
          <span className="sub">
            {reports.length === 0
              ? 'Add at least one report first.'
              : `${formatPlural(reports.length, 'report')} in it.`}
          </span>
        </div>
      </div>
      {adding ? (
        <AddReportDialog
          facts={facts}
          onClose={() => setAdding(false)}
          onAdd={(request) => {
            setReports([...reports, request]);
            setAdding(false);
          }}
        />
      ) : null}
    </Panel>
  );
}

function BundleState({ making }: { readonly making: BundleMaking }) {
  const { save, cancel, progress, made, cancelled } = making;
  const long = useLasting(save.busy);
  return (
    <>
      {save.error === null ? null : (
        <ErrorPanel error={save.error} title="The bundle was not made" hint="What you chose is kept." />
      )}
      {cancelled && !save.busy ? (
        <p className="sub" role="status">
          Stopped: no bundle was made.
        </p>
      ) : null}
      {long && progress !== null ? (
        <WorkProgress
          what="Making the bundle"
          progress={progress}
          cancelling={cancel.busy}
          onCancel={() => void cancel.run()}
        />
      ) : null}
      {made === null ? null : (
        <p className="saved-line" role="status">
          <span className="tone-good">
            <ShapeIcon shape="check" />
          </span>
          <span className="wrap">
            {formatPlural(made.files, 'file')} written to <code>{made.folder}</code>
            <span className="sub"> · manifest </span>
            <HashText value={made.manifest} what="Digest of the manifest" />
          </span>
        </p>
      )}
    </>
  );
}
