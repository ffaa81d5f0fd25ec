/** How far a long piece of work is, on one line of a terminal that is written over. */
export interface ProgressLine {
  /** Bytes done and bytes in all. */
  show(done: number, total: number): void;
  /** Takes the line away. */
  clear(): void;
}

/** Where it is shown: standard error, so that the output stays what it is. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const QUIET_MS = 1000; // what is done sooner shows nothing
const EVERY_MS = 200;
const CLEAR = '\r\u001b[K';

/** Silent where the stream is not a terminal. */
export function progressLine(
  stream: ProgressStream = process.stderr,
  now: () => number = () => performance.now(),
): ProgressLine {
  const started = now();
  let last = started + QUIET_MS - EVERY_MS;
  let shown = false;
  return {
    show(done, total) {
      const at = now();
      if (stream.isTTY !== true || at - last < EVERY_MS) return;
      last = at;
      shown = true;
      stream.write(`${CLEAR}${progressText(done, total, at - started)}`);
    },
    clear() {
      if (shown) stream.write(CLEAR);
      shown = false;
    },
  };
}

function progressText(done: number, total: number, elapsedMs: number): string {
  const share = total === 0 ? 1 : done / total;
  const left = share === 0 ? '' : `, about ${Math.ceil((elapsedMs / share - elapsedMs) / 1000)} s left`;
  const mib = (bytes: number) => Math.round(bytes / 1_048_576);
  return `${Math.floor(share * 100)} %, ${mib(done)} of ${mib(total)} MiB${left}`;
}
