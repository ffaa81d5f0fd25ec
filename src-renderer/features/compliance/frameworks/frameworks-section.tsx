import type { ComplianceOverview } from '#shared/ipc/compliance-views.ts';
import type { Query } from '../../../bridge/use-query.ts';
import { EmptyState } from '../../../components/states.tsx';
import { QueryStates } from '../parts/query-states.tsx';
import { CoveragePanel } from './coverage-panel.tsx';

/** The frameworks there are, each leading to its criteria. */
export function FrameworksSection({ overview }: { readonly overview: Query<ComplianceOverview> }) {
  const { data } = overview;
  return (
    <>
      <QueryStates query={overview} what="Reading the frameworks…" failed="The frameworks could not be read" />
      {data === null ? null : data.counting.asOf === null ? (
        <section className="panel" aria-label="Not counted yet">
          <EmptyState title="The records are being counted for the first time">
            <p>Which criteria have evidence is known as soon as they are.</p>
          </EmptyState>
        </section>
      ) : (
        <CoveragePanel frameworks={data.frameworks} />
      )}
      <p className="sub prose">
        A criterion has evidence when records of the last twelve months bear on it; it is designed when a control is
        there for it, without a record yet. Everything else has nothing, and is listed as such.
      </p>
    </>
  );
}
