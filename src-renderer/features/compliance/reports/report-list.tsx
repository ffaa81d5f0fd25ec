import type { MadeReport } from '#shared/ipc/compliance-views.ts';
import type { Query } from '../../../bridge/use-query.ts';
import { HashText } from '../../../components/hash-text.tsx';
import { Panel } from '../../../components/panel.tsx';
import { EmptyState, ErrorPanel, Loading } from '../../../components/states.tsx';
import { TimeText } from '../../../components/time-text.tsx';
import { formatCount } from '../../../format/numbers.ts';
import { formatRoute } from '../../../navigation/route.ts';
import { formatName, frameworkName, REPORT_TERMS } from './report-words.ts';
import { lastDay } from './request-words.ts';

/** What was made and handed on, as its records say. */
export function ReportList({ query }: { readonly query: Query<readonly MadeReport[]> }) {
  const { data, error, loading, reload } = query;
  return (
    <Panel title="Made so far" className="list-section">
      {error === null ? null : <ErrorPanel error={error} title="The list could not be read" onRetry={reload} />}
      {data === null && loading ? <Loading what="Reading the records of reports…" /> : null}
      {data?.length === 0 ? (
        <EmptyState title="No report was made yet">
          <p>A report that is written goes on record with its digest, and stands here from then on.</p>
        </EmptyState>
      ) : null}
      {data === null || data.length === 0 ? null : <ReportTable reports={data} />}
    </Panel>
  );
}

const day = (iso: string): string => iso.slice(0, 10);

function ReportTable({ reports }: { readonly reports: readonly MadeReport[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    <section className="table-wide report-list" tabIndex={0} aria-label="Reports that were made">
      <table className="evidence-table">
        <thead>
          <tr>
            <th scope="col">Report</th>
            <th scope="col">Window (UTC)</th>
            <th scope="col" className="right">
              In scope
            </th>
            <th scope="col" className="right">
              Exceptions
            </th>
            <th scope="col">Format</th>
            <th scope="col">Digests</th>
            <th scope="col">Made</th>
            <th scope="col">By</th>
            <th scope="col" className="right">
              Record
            </th>
          </tr>
        </thead>
        <tbody>
          {reports.map((made) => (
            <tr key={made.seq}>
              <td>
                <strong>{made.kind === null ? formatName(made.format) : REPORT_TERMS[made.kind].name}</strong>
                {made.kind === null ? <span className="block faint">{frameworkName(made.framework)}</span> : null}
              </td>
              <td className="nowrap time-full">
                {day(made.from)} <span className="faint">to</span> {lastDay(made.to)}
              </td>
              <td className="right num">{made.inScope === null ? '–' : formatCount(made.inScope)}</td>
              <td className="right num">{made.exceptions === null ? '–' : formatCount(made.exceptions)}</td>
              <td className="nowrap">{made.kind === null ? 'JSON' : formatName(made.format)}</td>
              <td>
                <span className="digest-line">
                  <span className="faint">file</span> <HashText value={made.digest} what="Digest of the file" />
                </span>
                {made.document === null ? null : (
                  <span className="digest-line">
                    <span className="faint">report</span> <HashText value={made.document} what="Digest of the report" />
                  </span>
                )}
              </td>
              <td className="nowrap">
                <TimeText iso={made.time} />
              </td>
              <td className="external-wrap">
                <span className="two-lines" title={made.by.name}>
                  {made.by.name}
                </span>
              </td>
              <td className="right num">
                <a href={formatRoute({ screen: 'audit', filter: {}, seq: made.seq })}>{formatCount(made.seq)}</a>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
