import { useEffect, useRef } from 'react';
import { showText } from '#shared/report/shown-text.ts';
import { useMay } from '../../../bridge/access-provider.tsx';
import { Button } from '../../../components/button.tsx';
import { HashText } from '../../../components/hash-text.tsx';
import { ErrorPanel } from '../../../components/states.tsx';
import { useFocusHome } from '../../../components/use-focus-home.ts';
import { formatCount, formatPlural } from '../../../format/numbers.ts';
import { ReportPreview } from './report-preview.tsx';
import { SavedLine } from './saved-line.tsx';
import type { ReportFormat, ReportMaker } from './use-report.ts';

const FORMATS: readonly { readonly format: ReportFormat; readonly name: string }[] = [
  { format: 'html', name: 'Save as HTML…' },
  { format: 'pdf', name: 'Save as PDF…' },
  { format: 'json', name: 'Save as JSON…' },
];
const FORMAT_NAMES: Readonly<Record<ReportFormat, string>> = { html: 'HTML', pdf: 'PDF', json: 'JSON' };

/** A report that was computed and signed: drawn, and written where it is wanted. */
export function MadeReportView({ maker, onBack }: { readonly maker: ReportMaker; readonly onBack: () => void }) {
  const mayMake = useMay('reports.make');
  const { report, save, saved } = maker;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  useFocusHome();
  if (report === null) return null;
  const { document, digest, signature } = report;
  return (
    <section className="made" aria-label="Preview of the report">
      <div className="made-head">
        <Button onPress={onBack}>Back to the choices</Button>
        <h2 ref={heading} tabIndex={-1} className="wrap">
          {showText(document.title)}
        </h2>
        {mayMake ? (
          <div className="row-actions">
            {FORMATS.map(({ format, name }) => (
              <Button
                key={format}
                look={format === 'html' ? 'primary' : 'plain'}
                busy={save.busy}
                onPress={() => void save.run(format)}
              >
                {name}
              </Button>
            ))}
          </div>
        ) : (
          <p className="sub">Your role shows reports; writing them is not part of it.</p>
        )}
      </div>
      {save.error === null ? null : <ErrorPanel error={save.error} title="The report was not written" />}
      {saved === null ? null : <SavedLine saved={saved} what={`${FORMAT_NAMES[saved.format]} file, now on record,`} />}
      <ReportPreview
        signed={report}
        aside={
          <dl className="made-facts">
            <dt>Digest of the report</dt>
            <dd>
              <HashText value={digest} what="Digest of the report" />
            </dd>
            <dt>Signed by key</dt>
            <dd>
              <code>{signature.key}</code> <span className="faint">{signature.alg}</span>
            </dd>
            <dt>In scope</dt>
            <dd className="num">
              {formatCount(document.population.inScope)} of {formatPlural(document.population.records, 'record')}
            </dd>
            <dt>Exceptions</dt>
            <dd className="num">{formatCount(document.exceptions.length)}</dd>
          </dl>
        }
      />
    </section>
  );
}
