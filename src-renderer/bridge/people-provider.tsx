import { createContext, type ReactNode, useContext } from 'react';
import type { PersonView } from '#shared/ipc/access-views.ts';
import { useMay } from './access-provider.tsx';
import { call } from './call.ts';
import { useConsoleEvents } from './events.ts';
import { type Query, useQuery } from './use-query.ts';

const NOBODY: readonly PersonView[] = [];
const UNASKED: Query<readonly PersonView[]> = { data: null, error: null, loading: false, reload: () => undefined };
const PeopleContext = createContext<Query<readonly PersonView[]>>(UNASKED);

/** The people of the workspace; empty for those who may not read them. */
export function usePeople(): Query<readonly PersonView[]> {
  return useContext(PeopleContext);
}

/** Asks who the people are once for all screens: records know them by id alone. */
export function PeopleProvider({ children }: { readonly children: ReactNode }) {
  const may = useMay('people.read');
  const query = useQuery<readonly PersonView[]>(`people ${may}`, async () => (may ? call('people.list', {}) : NOBODY));
  const { reload } = query;
  useConsoleEvents((event) => {
    if (event.type === 'people') reload();
  });
  return <PeopleContext value={query}>{children}</PeopleContext>;
}
