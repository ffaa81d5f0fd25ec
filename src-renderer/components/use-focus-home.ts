import { useEffect } from 'react';

/**
 * When what opened an overlay has gone while it was open (a proposal that was decided), the focus would be lost: it goes
 * to the screen's heading instead. The overlay gives the focus back in the next frame, however late that comes on a busy
 * machine: only after it is there anything to mend.
 */
export function useFocusHome(): void {
  useEffect(
    () => () => {
      requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(goHome, 80)));
    },
    [],
  );
}

function goHome(): void {
  const { activeElement, body } = document;
  if (activeElement !== null && activeElement !== body) return;
  document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true });
}
