import type { Coverage } from '#shared/ipc/verification-views.ts';
import { Panel } from '../../components/panel.tsx';
import { ShapeIcon } from '../../components/shape-icon.tsx';
import { StateTag } from '../../components/state-tag.tsx';
import { EmptyState, Loading } from '../../components/states.tsx';
import { Age, TimeText } from '../../components/time-text.tsx';
import { formatCount, formatPlural } from '../../format/numbers.ts';
import { countByState, drawBand, judgeOldest, printShare, type RangeState } from './coverage-band.ts';
import { ProblemTable } from './problem-table.tsx';
import { RANGE_WORDS, wordRunning } from './standing-words.ts';

const STATES: readonly RangeState[] = ['valid', 'checking', 'unchecked', 'invalid'];

/** Which records were read again and checked, how long ago, and what does not hold. */
export function CoveragePanel({ coverage }: { readonly coverage: Coverage | null }) {
  return (
    <Panel
      title="Coverage"
      className="coverage-panel"
      aside={coverage === null ? undefined : <StateTag quiet state={wordRunning(coverage)} />}
    >
      {coverage === null ? (
        <Loading what="Asking what was checked…" />
      ) : coverage.records === 0 ? (
        <EmptyState title="No record yet">
          <p>What is written is read again and checked for as long as Causeway is open.</p>
        </EmptyState>
      ) : (
        <CoverageBody coverage={coverage} />
      )}
    </Panel>
  );
}

function CoverageBody({ coverage }: { readonly coverage: Coverage }) {
  const counts = countByState(coverage);
  const { records, problems, problemCount } = coverage;
  return (
    <div className="pad coverage">
      <div className="coverage-figures">
        <p className="figure num">
          <strong>{printShare(counts.valid, records)}</strong>
          <span>of {formatPlural(records, 'record')} held when last read</span>
        </p>
        <OldestFigure oldest={coverage.oldest} />
        <p className={problemCount > 0 ? 'figure num tone-bad' : 'figure num'}>
          <strong>{formatCount(problemCount)}</strong>
          <span>{problemCount === 1 ? 'problem' : 'problems'}</span>
        </p>
      </div>
      <Band coverage={coverage} />
      <ul className="band-legend">
        {STATES.map((state) => (
          <li key={state}>
            <span className={`swatch cover-${state}`} aria-hidden="true" />
            <span className={`tone-${RANGE_WORDS[state].tone} check`}>
              <ShapeIcon shape={RANGE_WORDS[state].shape} />
              {RANGE_WORDS[state].word}
            </span>
            <span className="num">{formatCount(counts[state])}</span>
          </li>
        ))}
      </ul>
      {counts.invalid === 0 ? null : (
        <p className="sub">
          A range is invalid as soon as one record in it does not hold. The problems below name the exact records.
        </p>
      )}
      <RangeTable coverage={coverage} />
      {problems.length === 0 ? null : <ProblemTable problems={problems} count={problemCount} what="store" />}
    </div>
  );
}

function OldestFigure({ oldest }: { readonly oldest: string | null }) {
  switch (judgeOldest(oldest)) {
    case 'never':
      return (
        <p className="figure">
          <strong>New</strong>
          <span>records were not read again yet</span>
        </p>
      );
    case 'due':
      return (
        <p className="figure">
          <strong>Due</strong>
          <span>records are to be read again at once</span>
        </p>
      );
    case 'known':
      return (
        <p className="figure num">
          <strong>{oldest === null ? '' : <Age iso={oldest} />}</strong>
          <span>the oldest check of any record</span>
        </p>
      );
  }
}

function CheckedAt({ at }: { readonly at: string | null }) {
  const oldest = judgeOldest(at);
  if (at === null || oldest === 'never') return 'never';
  return oldest === 'due' ? 'to be read again' : <TimeText iso={at} />;
}

function Band({ coverage }: { readonly coverage: Coverage }) {
  const stretches = drawBand(coverage.ranges, coverage.records);
  return (
    <div className="band" aria-hidden="true">
      <div className="band-bar">
        {stretches.map(({ state, cells, first, last }) => (
          <span
            key={first}
            className={`cover-${state}`}
            style={{ flexGrow: cells }}
            title={`${RANGE_WORDS[state].word}: records ${formatCount(first)} to ${formatCount(last)}`}
          />
        ))}
      </div>
      <div className="band-scale num">
        <span>1</span>
        {coverage.records >= 8 ? <span>{formatCount(Math.round(coverage.records / 2))}</span> : null}
        <span>{formatCount(coverage.records)}</span>
      </div>
    </div>
  );
}

/** The band in words, for keyboard and screen reader; also what tells when each range was checked. */
function RangeTable({ coverage }: { readonly coverage: Coverage }) {
  const { ranges } = coverage;
  return (
    <details className="ranges">
      <summary>{formatPlural(ranges.length, 'range')} as a table</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
      <section className="table-scroll" tabIndex={0} aria-label="Ranges of records by what is known of them">
        <table>
          <thead>
            <tr>
              <th scope="col" className="right">
                First
              </th>
              <th scope="col" className="right">
                Last
              </th>
              <th scope="col" className="right">
                Records
              </th>
              <th scope="col">State</th>
              <th scope="col">Oldest check in it</th>
            </tr>
          </thead>
          <tbody>
            {ranges.map(({ first, last, state, checkedAt }) => (
              <tr key={first}>
                <td className="right num">{formatCount(first)}</td>
                <td className="right num">{formatCount(last)}</td>
                <td className="right num">{formatCount(last - first + 1)}</td>
                <td>
                  <StateTag state={RANGE_WORDS[state]} quiet />
                </td>
                <td>{<CheckedAt at={checkedAt} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
