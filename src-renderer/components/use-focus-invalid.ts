import { type RefObject, useCallback, useEffect, useState } from 'react';

/** Sends the focus to the first field that is wrong, once what is wrong is on the screen. */
export function useFocusInvalid(form: RefObject<HTMLFormElement | null>): () => void {
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    if (asked > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [asked, form]);
  return useCallback(() => setAsked((times) => times + 1), []);
}
