import { useEffect, useState } from 'react';

/** What is over sooner is not worth a word: it would only flicker. */
const LASTING_MS = 300;

/** Whether something has been going on for 300 ms by now. Over as soon as it is over. */
export function useLasting(going: boolean): boolean {
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    if (!going) return;
    const timer = setTimeout(() => setLasting(true), LASTING_MS);
    return () => {
      clearTimeout(timer);
      setLasting(false);
    };
  }, [going]);
  return going && lasting;
}
