import { useEffect, useRef } from 'react';
import { ConsoleEvent } from '#shared/ipc/contract.ts';
import { bridge } from './call.ts';
import { UiError } from './ui-error.ts';

type Listener = (event: ConsoleEvent) => void;

/** Calls back with each event until the component goes; what is not an event of the contract goes to `onMalformed`. */
export function useConsoleEvents(listener: Listener, onMalformed?: (error: UiError) => void): void {
  const listenerRef = useRef(listener);
  listenerRef.current = listener;
  const malformedRef = useRef(onMalformed);
  malformedRef.current = onMalformed;

  useEffect(
    () =>
      bridge().subscribe((payload) => {
        const event = ConsoleEvent.safeParse(payload);
        if (event.success) listenerRef.current(event.data);
        else malformedRef.current?.(unreadableEvent());
      }),
    [],
  );
}

function unreadableEvent(): UiError {
  return new UiError({
    code: 'internal',
    message: 'An update could not be read, so what is shown may be old. Restart Causeway.',
    ref: '',
  });
}
