import type { Io } from './io.ts';

/** Shows how far a piece of work is, on one line of a terminal that is written over; nothing where there is none. */
export async function percentLine<T>(
  io: Io,
  what: string,
  work: (onProgress: (done: number, total: number) => void) => Promise<T>,
): Promise<T> {
  const watched = process.stderr.isTTY === true;
  let shown = -1;
  try {
    return await work((done, total) => {
      const percent = total === 0 ? 100 : Math.floor((done / total) * 100);
      if (!watched || percent === shown) return;
      shown = percent;
      io.stderr(`\r${percent} % of ${total} ${what}`);
    });
  } finally {
    if (watched && shown >= 0) io.stderr('\r\u001b[K');
  }
}
