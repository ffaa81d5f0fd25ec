/** Runs tasks one after the other: a task sees everything the one before it did. */
export class SerialQueue {
  #tail: Promise<unknown> = Promise.resolve();

  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(task);
    this.#tail = result.catch(() => undefined); // the caller has the error; the next task starts all the same
    return result;
  }
}
