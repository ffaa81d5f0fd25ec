import type { ProtectionRequest } from '#shared/ipc/protection-views.ts';
import { useMay } from '../../bridge/access-provider.tsx';
import { call } from '../../bridge/call.ts';
import { useConsoleEvents } from '../../bridge/events.ts';
import { type Query, useQuery } from '../../bridge/use-query.ts';

const NONE: readonly ProtectionRequest[] = [];

/** Changes of the protections that wait for a second person; none for those who may not read the trail. */
export function useProtections(): Query<readonly ProtectionRequest[]> {
  const may = useMay('trail.read');
  const query = useQuery<readonly ProtectionRequest[]>(`protections ${may}`, async () =>
    may ? call('protections.pending', {}) : NONE,
  );
  const { reload } = query;
  useConsoleEvents((event) => {
    if (event.type === 'protections') reload();
  });
  return query;
}
