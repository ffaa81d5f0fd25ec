import { useState } from 'react';
import { useConsoleEvents } from '../../../bridge/events.ts';
import type { Progress } from './work-progress.tsx';

/** How far the work of one kind has come, by its events; forgotten by `reset` before the next. */
export function useProgress(type: 'reporting' | 'reperforming' | 'loading') {
  const [progress, setProgress] = useState<Progress | null>(null);
  useConsoleEvents((event) => {
    if (event.type === type) setProgress({ done: event.done, total: event.total });
  });
  return { progress, reset: () => setProgress(null) };
}
