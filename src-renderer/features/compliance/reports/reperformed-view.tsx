import type { Reperformed } from '#shared/model/report.ts';
import { showText } from '#shared/report/shown-text.ts';
import { HashText } from '../../../components/hash-text.tsx';
import { StateTag } from '../../../components/state-tag.tsx';
import { formatCount, formatPlural } from '../../../format/numbers.ts';
import { formatRoute } from '../../../navigation/route.ts';
import { VERDICT_WORDS } from '../../verification/verdict-words.ts';
import { CHECK_WORDS, REPERFORMED_WORDS } from './report-words.ts';

interface ReperformedViewProps {
  readonly result: Reperformed;
  /** Whether records of the chain are those of the own trail, and a step away. */
  readonly own?: boolean;
}

/** What recomputing a report came to: the word, each question asked, and every place that differs. */
export function ReperformedView({ result, own = false }: ReperformedViewProps) {
  const { report, chain, differences } = result;
  return (
    <section className="verdict reperformed" aria-label="What recomputing came to">
      <div className="verdict-word" role="status">
        <StateTag state={REPERFORMED_WORDS[result.verdict]} />
        <span className="num">{sayResult(result)}</span>
      </div>
      <dl className="facts facts-wide">
        <dt>Report</dt>
        <dd className="wrap">
          {showText(result.title)}
          <span className="block faint">
            {report.file} · digest <HashText value={report.digest} what="Digest of the report" />
          </span>
        </dd>
        <dt>Chain</dt>
        <dd className="wrap">
          <span className="reperformed-chain">
            <StateTag quiet state={VERDICT_WORDS[chain.verdict]} />
            <span className="num">{formatPlural(chain.records, 'record')}</span>
            <span>{showText(chain.detail)}</span>
          </span>
          <span className="block faint">{chain.file}</span>
        </dd>
        <dt>Compared</dt>
        <dd className="num">
          {formatPlural(result.figures, 'figure')}
          {result.notGiven === 0
            ? ', and every sealed value the report gives'
            : `; ${formatPlural(result.notGiven, 'sealed value')} not compared, as this chain file does not give ${result.notGiven === 1 ? 'it' : 'them'}`}
        </dd>
      </dl>
      <div className="stack-tight">
        <h3>What was asked</h3>
        <ul className="check-list">
          {result.checks.map((check) => (
            <li key={check.id}>
              <StateTag quiet state={CHECK_WORDS[check.state]} />
              <span>
                <strong>{check.name}</strong>
                <span className="block sub wrap">{showText(check.detail)}</span>
              </span>
            </li>
          ))}
        </ul>
      </div>
      {differences.length === 0 ? null : (
        <div className="stack-tight">
          <h3>
            {formatPlural(result.differenceCount, 'difference')}
            {differences.length < result.differenceCount ? `, the first ${formatCount(differences.length)} listed` : ''}
          </h3>
          <Differences differences={differences} own={own} />
        </div>
      )}
    </section>
  );
}

function sayResult({ verdict, figures, differenceCount }: Reperformed): string {
  switch (verdict) {
    case 'agrees':
      return `${formatPlural(figures, 'figure')} recomputed, none differs`;
    case 'differs':
      return `${formatPlural(differenceCount, 'place')} where the report says something else than the records`;
    case 'cannot-tell':
      return 'Not everything could be recomputed from these two files';
  }
}

interface DifferencesProps {
  readonly differences: Reperformed['differences'];
  readonly own: boolean;
}

function Differences({ differences, own }: DifferencesProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    <section className="table-scroll" tabIndex={0} aria-label="Differences">
      <table className="evidence-table">
        <thead>
          <tr>
            <th scope="col">Place in the report</th>
            <th scope="col">The report says</th>
            <th scope="col">The records come to</th>
            <th scope="col" className="right">
              Record
            </th>
          </tr>
        </thead>
        <tbody>
          {differences.map((each, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two differences may be alike, and the list never changes
            <tr key={index}>
              <td className="wrap">{showText(each.where)}</td>
              <td className="wrap">
                <code className="difference difference-report">{showText(each.report)}</code>
              </td>
              <td className="wrap">
                <code className="difference difference-records">{showText(each.recomputed)}</code>
              </td>
              <td className="right num">
                {each.seq === null ? (
                  '–'
                ) : own ? (
                  <a href={formatRoute({ screen: 'audit', filter: {}, seq: each.seq })}>{formatCount(each.seq)}</a>
                ) : (
                  formatCount(each.seq)
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
