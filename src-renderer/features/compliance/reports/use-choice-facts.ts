import { useState } from 'react';
import type { ProfileView, ReviewView } from '#shared/ipc/compliance-views.ts';
import { call } from '../../../bridge/call.ts';
import { useConsole } from '../../../bridge/console-provider.tsx';
import { useConsoleEvents } from '../../../bridge/events.ts';
import { type Query, useQuery } from '../../../bridge/use-query.ts';
import type { ChoiceFacts } from './report-choice.ts';

const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;
const NO_REVIEWS: readonly ReviewView[] = [];

/** What a report is chosen from: incidents, review campaigns, the sample profile; and the moment windows end at. */
export interface ReportFacts extends ChoiceFacts {
  readonly campaigns: Query<readonly ReviewView[]>;
  readonly profile: ProfileView | null;
  /** Looks at the clock again: the same request stays the same while nothing is changed. */
  readonly renew: () => void;
}

export function useChoiceFacts(): ReportFacts {
  const { incidents } = useConsole();
  const campaigns = useQuery<readonly ReviewView[]>('review campaigns', () => call('reviews.list', {}));
  const profile = useQuery('sample profile', () => call('samples.profile', {}));
  const [now, setNow] = useState(() => Date.now());
  useConsoleEvents((event) => {
    if (event.type === 'compliance') campaigns.reload();
  });
  return {
    now,
    zone: ZONE,
    incidents,
    reviews: campaigns.data ?? NO_REVIEWS,
    campaigns,
    profile: profile.data,
    renew: () => setNow(Date.now()),
  };
}
