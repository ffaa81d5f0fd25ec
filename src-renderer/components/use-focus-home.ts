import { useEffect } from 'react';

/**
 * When what opened an overlay has gone while it was open (a proposal that was decided), the focus would be lost: it goes
 * to the screen's heading instead.
 */
export function useFocusHome(): void {
  useEffect(
    () => () => {
      setTimeout(() => {
        const { activeElement, body } = document;
        if (activeElement !== null && activeElement !== body) return;
        document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true });
      }, 80);
    },
    [],
  );
}
