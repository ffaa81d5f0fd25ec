import { type RefObject, useEffect, useRef } from 'react';

/** A field that has the focus when it comes: where there is one thing to type, nothing else is worth it. */
export function useFirstFocus(): RefObject<HTMLInputElement | null> {
  const ref = useRef<HTMLInputElement>(null);
  useEffect(() => ref.current?.focus(), []);
  return ref;
}
