import type { FrameworkSummary } from '#shared/ipc/compliance-views.ts';
import { Panel } from '../../../components/panel.tsx';
import { formatCount } from '../../../format/numbers.ts';
import { frameworkHref } from '../compliance-links.ts';
import { CRITERION_WORDS } from '../compliance-words.ts';
import { CriterionCount } from '../parts/criterion-count.tsx';
import { Meter } from '../parts/meter.tsx';

/** How far the criteria of each framework are covered, what has nothing included. */
export function CoveragePanel({ frameworks }: { readonly frameworks: readonly FrameworkSummary[] }) {
  return (
    <Panel title="Coverage by framework" className="list-section">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
      <section className="table-wide" tabIndex={0} aria-label="Frameworks and their coverage">
        <table>
          <thead>
            <tr>
              <th scope="col">Framework</th>
              <th scope="col" className="right">
                Criteria
              </th>
              <th scope="col">Covered</th>
              <th scope="col">{CRITERION_WORDS.evidenced.word}</th>
              <th scope="col">{CRITERION_WORDS.designed.word}</th>
              <th scope="col">{CRITERION_WORDS.nothing.word}</th>
            </tr>
          </thead>
          <tbody>
            {frameworks.map((framework) => (
              <tr key={framework.id}>
                <td className="control-cell">
                  <a className="external-wrap" href={frameworkHref(framework.id)}>
                    {framework.name}
                  </a>
                </td>
                <td className="right num">{formatCount(framework.criteria)}</td>
                <td className="meter-cell">
                  <Meter
                    whole={framework.criteria}
                    parts={[
                      { tone: 'good', value: framework.evidenced },
                      { tone: 'warn', value: framework.designed },
                    ]}
                  />
                </td>
                <td>
                  <CriterionCount state="evidenced" count={framework.evidenced} />
                </td>
                <td>
                  <CriterionCount state="designed" count={framework.designed} />
                </td>
                <td>
                  <CriterionCount state="nothing" count={framework.nothing} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Panel>
  );
}
