import type { DueReview } from '#shared/ipc/approval-views.ts';
import { useMay } from '../../bridge/access-provider.tsx';
import { call } from '../../bridge/call.ts';
import { useConsoleEvents } from '../../bridge/events.ts';
import { type Query, useQuery } from '../../bridge/use-query.ts';

const NONE: readonly DueReview[] = [];

/** Approvals one person gave alone, which another has to look at; none for those who may not read incidents. */
export function useReviews(): Query<readonly DueReview[]> {
  const may = useMay('incidents.read');
  const query = useQuery<readonly DueReview[]>(`reviews ${may}`, async () =>
    may ? call('approvals.reviews', {}) : NONE,
  );
  const { reload } = query;
  useConsoleEvents((event) => {
    // a plan approved by break-glass changes its investigation, a review made the protections
    const glass = event.type === 'investigation' && event.investigation.remediation?.breakGlass === true;
    if (event.type === 'protections' || glass) reload();
  });
  return query;
}
