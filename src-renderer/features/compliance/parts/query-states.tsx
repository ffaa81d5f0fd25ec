import type { Query } from '../../../bridge/use-query.ts';
import { ErrorPanel, Loading } from '../../../components/states.tsx';

interface QueryStatesProps {
  readonly query: Query<unknown>;
  readonly what: string;
  readonly failed: string;
}

/** Why there is nothing to show yet, or why what is shown may be old. */
export function QueryStates({ query, what, failed }: QueryStatesProps) {
  return (
    <>
      {query.error === null ? null : (
        <ErrorPanel
          error={query.error}
          title={failed}
          {...(query.data === null ? {} : { hint: 'What is shown below was read before.' })}
          onRetry={query.reload}
        />
      )}
      {query.data === null && query.loading ? <Loading what={what} /> : null}
    </>
  );
}
