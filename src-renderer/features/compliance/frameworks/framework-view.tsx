import { useEffect, useState } from 'react';
import type { CriterionRow, FrameworkDetail } from '#shared/ipc/compliance-views.ts';
import type { FrameworkId } from '#shared/model/control.ts';
import { call } from '../../../bridge/call.ts';
import { Button } from '../../../components/button.tsx';
import { Panel } from '../../../components/panel.tsx';
import { EmptyState } from '../../../components/states.tsx';
import { formatCount, formatPlural } from '../../../format/numbers.ts';
import { formatRoute } from '../../../navigation/route.ts';
import { readFrameworkId } from '../compliance-links.ts';
import { CRITERION_WORDS, FRAMEWORK_MARKS } from '../compliance-words.ts';
import { CountingLine } from '../parts/counting-line.tsx';
import { DetailHead } from '../parts/detail-head.tsx';
import { Meter } from '../parts/meter.tsx';
import { QueryStates } from '../parts/query-states.tsx';
import { StateSearch } from '../parts/state-search.tsx';
import { useCompliance } from '../use-compliance.ts';
import { type CriteriaFilter, groupCriteria } from './criteria-groups.ts';
import { CriteriaTable } from './criteria-table.tsx';

const BACK = { href: formatRoute({ screen: 'compliance', section: 'frameworks' }), text: 'All frameworks' };
const STATES: readonly CriterionRow['state'][] = ['evidenced', 'designed', 'nothing'];

/** One framework: each criterion with what is evidence for it, or that nothing is. */
export function FrameworkView({ id }: { readonly id: string }) {
  const read = readFrameworkId(id);
  return read === null ? (
    <>
      <DetailHead page="Compliance" title="No such framework" back={BACK} />
      <section className="panel" aria-label="No such framework">
        <EmptyState title="This address names a framework this build does not know">
          <p className="wrap">
            It says <code>{id}</code>. The list of frameworks has all there are.
          </p>
        </EmptyState>
      </section>
    </>
  ) : (
    <KnownFramework framework={read.framework} criterion={read.criterion} />
  );
}

interface KnownFrameworkProps {
  readonly framework: FrameworkId;
  /** To be brought into view. */
  readonly criterion: string | null;
}

function KnownFramework({ framework, criterion }: KnownFrameworkProps) {
  const query = useCompliance(`framework ${framework}`, () => call('compliance.framework', { framework }));
  const { data } = query;
  return (
    <>
      <DetailHead
        page={FRAMEWORK_MARKS[framework]}
        title={data === null ? FRAMEWORK_MARKS[framework] : data.framework.name}
        back={BACK}
      >
        {data === null ? null : <CountingLine counting={data.counting} />}
      </DetailHead>
      <QueryStates query={query} what="Reading the criteria…" failed="The framework could not be read" />
      {data === null ? null : <FrameworkBody detail={data} criterion={criterion} />}
    </>
  );
}

interface FrameworkBodyProps {
  readonly detail: FrameworkDetail;
  readonly criterion: string | null;
}

function FrameworkBody({ detail, criterion }: FrameworkBodyProps) {
  const [filter, setFilter] = useState<CriteriaFilter>({});
  const groups = groupCriteria(detail.criteria, filter);
  const shown = groups.reduce((sum, { rows }) => sum + rows.length, 0);
  const { framework } = detail;
  useEffect(() => {
    // once for each address: what is counted meanwhile must not scroll under somebody's eyes
    if (criterion === null) return;
    const row = document.getElementById(`criterion-${criterion}`);
    row?.scrollIntoView({ block: 'center' });
    row?.focus({ preventScroll: true });
  }, [criterion]);
  return (
    <>
      <Panel title="Coverage">
        <div className="pad framework-facts">
          <Meter
            whole={framework.criteria}
            parts={[
              { tone: 'good', value: framework.evidenced },
              { tone: 'warn', value: framework.designed },
            ]}
          />
          <p className="num">
            <strong>{formatCount(framework.evidenced)}</strong> of{' '}
            {formatPlural(framework.criteria, 'criterion', 'criteria')} with evidence,{' '}
            <strong>{formatCount(framework.designed)}</strong> designed without a record yet,{' '}
            <strong>{formatCount(framework.nothing)}</strong> with nothing.
          </p>
          <dl className="facts facts-wide">
            <dt>Source</dt>
            <dd>{detail.source}</dd>
            <dt>Licence</dt>
            <dd>{detail.licence}</dd>
            {detail.note === '' ? null : (
              <>
                <dt>Note</dt>
                <dd>{detail.note}</dd>
              </>
            )}
          </dl>
        </div>
      </Panel>
      <StateSearch
        id="criteria-text"
        label="Filter the criteria"
        hint="words of a criterion"
        placeholder="Search criteria"
        filter={filter}
        states={STATES}
        words={CRITERION_WORDS}
        onChange={setFilter}
      />
      <Panel
        title="Criteria"
        className="list-section"
        aside={
          <span className="num" role="status">
            {shown === detail.criteria.length
              ? formatPlural(shown, 'criterion', 'criteria')
              : `${formatCount(shown)} of ${formatPlural(detail.criteria.length, 'criterion', 'criteria')}`}
          </span>
        }
      >
        {shown === 0 ? (
          <EmptyState
            title={detail.criteria.length === 0 ? 'This framework has no criteria here' : 'No criterion fits'}
          >
            <Button onPress={() => setFilter({})}>Show every criterion</Button>
          </EmptyState>
        ) : (
          <CriteriaTable groups={groups} current={criterion} />
        )}
      </Panel>
    </>
  );
}
