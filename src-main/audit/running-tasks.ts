/** Long tasks under way: stopped and awaited before what they read is closed. */
export class RunningTasks {
  readonly #running = new Set<Promise<unknown>>();
  readonly #stop = new AbortController();

  get stopped(): boolean {
    return this.#stop.signal.aborted;
  }

  /** Runs a task with a signal that the caller's, if there is one, and `stop` set off. */
  async run<T>(signal: AbortSignal | undefined, task: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const stop = this.#stop.signal;
    const running = task(signal === undefined ? stop : AbortSignal.any([signal, stop]));
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.allSettled(this.#running);
  }
}
