import type * as electron from 'electron';
import type { Page } from 'playwright';

/** A running console, whichever way it runs. */
export interface Application {
  /** The page of its window; after a crash the page that came instead, where the way to run can tell. */
  page(): Promise<Page>;
  /** Runs a function in the main process with its `electron` (the host's or the real one). It closes over nothing. */
  evaluate<R, A>(run: (parts: typeof electron, argument: A) => R | Promise<R>, argument: A): Promise<R>;
  /** Evaluates an expression in the first window's page by way of the main process, which outlives a crashed page. */
  inPage(expression: string): Promise<unknown>;
  readonly stderr: () => string;
  /** Resolves to the exit code when the process has ended. */
  readonly exited: Promise<number>;
  /** Quits as a person would and resolves to the exit code. */
  quit(): Promise<number>;
  /** Ends it, whatever state it is in. */
  kill(): Promise<void>;
}

export interface LaunchOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Runs the program under another one, such as setpriv. */
  readonly under?: readonly string[];
}
