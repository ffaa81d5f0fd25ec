/** Progress is told at most this often, milliseconds. */
const TELL_EVERY = 100;

/** Tells how far something is now and then: not for each step, and always at its end. */
export function nowAndThen(tell: (done: number, total: number) => void): (done: number, total: number) => void {
  let told = 0;
  return (done, total) => {
    const now = performance.now();
    if (now - told < TELL_EVERY && done < total) return;
    told = now;
    tell(done, total);
  };
}
