import { useEffect } from 'react';
import { useToasts } from '../components/toasts.tsx';

const LOST =
  'The window was lost and has been opened again. Proposals that were waiting have been denied, and that is on record.';

/** Says once why the page is new: the main process loads it with `?notice=window-lost` after a crash. */
export function useWindowLostNotice(): void {
  const { say } = useToasts();
  useEffect(() => {
    if (new URLSearchParams(location.search).get('notice') !== 'window-lost') return;
    history.replaceState(null, '', `${location.pathname}${location.hash}`); // a reload says it no more
    say(LOST, 'bad');
  }, [say]);
}
