import { useState } from 'react';
import type { BundleView } from '#shared/ipc/compliance-views.ts';
import { showText } from '#shared/report/shown-text.ts';
import { Button } from '../../../components/button.tsx';
import { HashText } from '../../../components/hash-text.tsx';
import { Panel } from '../../../components/panel.tsx';
import { StateTag } from '../../../components/state-tag.tsx';
import { formatCount, formatPlural } from '../../../format/numbers.ts';
import { formatUtc } from '../../../format/times.ts';
import { RecomputingState } from '../reports/recomputing-state.tsx';
import { ReperformedView } from '../reports/reperformed-view.tsx';
import { EXCEPTION_WORDS } from './bundle-words.ts';
import { NoteEditor } from './note-editor.tsx';
import type { BundleReperforming } from './use-bundle-reperform.ts';

type Report = BundleView['reports'][number];

interface BundleReportProps {
  readonly report: Report;
  readonly reperforming: BundleReperforming;
}

/** A report of a bundle: recomputed on request, and noted on as a whole and in its parts. */
export function BundleReport({ report, reperforming }: BundleReportProps) {
  const { file, title, window, digest } = report;
  const busy = reperforming.running === file;
  const result = reperforming.results.get(file) ?? null;
  const { run } = reperforming;
  return (
    <Panel
      title={showText(title)}
      aside={
        <Button
          busy={busy}
          busyLabel="Recomputing…"
          disabled={run.busy && !busy}
          label={`${result === null ? 'Re-perform' : 'Re-perform again'}: ${title}`}
          onPress={() => void run.run(file)}
        >
          {result === null ? 'Re-perform' : 'Re-perform again'}
        </Button>
      }
    >
      <div className="pad stack-tight">
        <p className="facts-line sub">
          <code className="wrap">{file}</code>
          <span className="time-full">
            {formatUtc(new Date(window.from)).slice(0, 16)} to {formatUtc(new Date(window.to)).slice(0, 16)} UTC
          </span>
          <span>
            digest <HashText value={digest} what="Digest of the report" />
          </span>
        </p>
        <NoteEditor
          about={{ report: digest, what: 'report', id: digest }}
          name={`the report ${title}`}
          label="Note on the report"
        />
        {reperforming.last === file ? <RecomputingState recomputing={reperforming} asksForFiles={false} /> : null}
      </div>
      {result === null || busy ? null : <ReperformedView result={result} />}
      <Exceptions report={report} />
      <Samples report={report} />
    </Panel>
  );
}

const SHOWN = 25;

function Exceptions({ report }: { readonly report: Report }) {
  const [shown, setShown] = useState(SHOWN);
  const { exceptions, digest } = report;
  const left = exceptions.length - shown;
  return (
    <section className="noted" aria-label={`Exceptions of ${report.title}`}>
      <h3>{exceptions.length === 0 ? 'No exception in it' : formatPlural(exceptions.length, 'exception')}</h3>
      <ul>
        {exceptions.slice(0, shown).map((exception) => (
          <li key={exception.id} className="noted-row">
            <StateTag quiet state={EXCEPTION_WORDS[exception.state]} />
            <div className="noted-text">
              <span className="wrap">{showText(exception.text)}</span>
              <span className="block faint num">
                {[
                  exception.control ?? 'no control',
                  exception.seq === null ? null : `record ${formatCount(exception.seq)}`,
                  exception.time === null ? null : formatUtc(new Date(exception.time)).slice(0, 16),
                  exception.fixedBy === null ? null : `fixed by record ${formatCount(exception.fixedBy)}`,
                ]
                  .filter((part) => part !== null)
                  .join(' · ')}
              </span>
            </div>
            <NoteEditor about={{ report: digest, what: 'exception', id: exception.id }} name={exception.id} />
          </li>
        ))}
      </ul>
      {left > 0 ? (
        <div>
          <Button look="ghost" onPress={() => setShown(shown + 100)}>
            {`Show ${left > 100 ? `100 more of ${formatCount(left)}` : `the other ${formatCount(left)}`}`}
          </Button>
        </div>
      ) : null}
    </section>
  );
}

function Samples({ report }: { readonly report: Report }) {
  const { samples, digest } = report;
  if (samples.length === 0) return null;
  return (
    <section className="noted" aria-label={`Samples of ${report.title}`}>
      <h3>Samples of {formatPlural(samples.length, 'control')}</h3>
      <ul>
        {samples.map(({ control, seqs }) => (
          <li key={control} className="noted-row">
            <code>{control}</code>
            <div className="noted-text num">
              {seqs.length === 0
                ? 'nothing to draw'
                : `${formatPlural(seqs.length, 'record')}: ${seqs.slice(0, SHOWN).map(formatCount).join(' · ')}${seqs.length > SHOWN ? ' …' : ''}`}
            </div>
            <NoteEditor about={{ report: digest, what: 'sample', id: control }} name={`the sample of ${control}`} />
          </li>
        ))}
      </ul>
    </section>
  );
}
