/** Entries above which a list of seqs is not written out: the root of its tree stands for it. */
export const MOST_LISTED = 250_000;

/** Ascending seqs as `1-5,8,10-12`; null when there are too many. */
export function writeRanges(seqs: Iterable<number>, count: number): string | null {
  if (count > MOST_LISTED) return null;
  const ranges: string[] = [];
  let first = 0;
  let last = 0;
  const end = () => {
    if (first > 0) ranges.push(first === last ? `${first}` : `${first}-${last}`);
  };
  for (const seq of seqs) {
    if (seq === last + 1 && first > 0) {
      last = seq;
      continue;
    }
    end();
    first = seq;
    last = seq;
  }
  end();
  return ranges.join(',');
}
