import { useSyncExternalStore } from 'react';

/** The width from which the style sheet, too, gives parts more room. */
const WIDE = '(min-width: 1680px)';

function subscribe(listener: () => void): () => void {
  const query = matchMedia(WIDE);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

/** Whether the window is a wide one. */
export function useWide(): boolean {
  return useSyncExternalStore(subscribe, () => matchMedia(WIDE).matches);
}
