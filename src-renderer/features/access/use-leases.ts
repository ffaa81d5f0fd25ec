import type { LeaseView } from '#shared/ipc/access-views.ts';
import { useMay } from '../../bridge/access-provider.tsx';
import { call } from '../../bridge/call.ts';
import { useConsoleEvents } from '../../bridge/events.ts';
import { type Query, useQuery } from '../../bridge/use-query.ts';

const NONE: readonly LeaseView[] = [];

/** Leases that can be used right now, kept current; none for those who may not read incidents. */
export function useLeases(): Query<readonly LeaseView[]> {
  const may = useMay('incidents.read');
  const query = useQuery<readonly LeaseView[]>(`leases ${may}`, async () => (may ? call('leases.list', {}) : NONE));
  const { reload } = query;
  useConsoleEvents((event) => {
    if (event.type === 'leases') reload();
  });
  return query;
}
