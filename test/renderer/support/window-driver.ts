import type { Channel, ConsoleEvent } from '#shared/ipc/contract.ts';
import type { IpcError } from '#shared/ipc/envelope.ts';

/** What the main process would answer; throw a Refusal for an error. */
export type Answer = (channel: Channel, input: unknown) => unknown;

export class Refusal extends Error {
  readonly error: IpcError;
  constructor(code: IpcError['code'], message: string, more: Partial<IpcError> = {}) {
    super(message);
    this.error = { code, message, ref: 'a-reference', ...more };
  }
}

export interface WindowOptions {
  readonly theme?: 'light' | 'dark';
  readonly width?: number;
  readonly height?: number;
  readonly hash?: string;
}

/** The built page in a real browser, under its real policy, with a main process that is made up. */
export interface WindowDriver {
  /** Everything there is to read, hidden text included, and the title. */
  readonly text: () => Promise<string>;
  readonly html: () => Promise<string>;
  readonly heading: () => Promise<string>;
  readonly click: (role: 'button' | 'radio' | 'link' | 'checkbox', name: string) => Promise<void>;
  readonly fill: (label: string, value: string) => Promise<void>;
  readonly press: (keys: string) => Promise<void>;
  /** The accessible name of what has the focus: its label, aria-label or text. */
  readonly focused: () => Promise<string>;
  /** Names of what Tab reaches from here, in order. */
  readonly tab: (times: number) => Promise<readonly string[]>;
  readonly count: (selector: string) => Promise<number>;
  readonly emit: (event: ConsoleEvent) => Promise<void>;
  /** What axe finds: rule and place. */
  readonly axe: () => Promise<readonly string[]>;
  /** Whether the page is wider or higher than its window: it must scroll inside, never itself. */
  readonly overflows: () => Promise<boolean>;
  readonly clipboard: () => Promise<string>;
  readonly screenshot: (file: string) => Promise<void>;
  /** Errors of the page and violations of its policy. */
  readonly complaints: readonly string[];
  readonly close: () => Promise<void>;
}

export interface WindowSupport {
  readonly isThereABrowser: boolean;
  readonly openWindow: (answer: Answer, options?: WindowOptions) => Promise<WindowDriver>;
  readonly closeBrowser: () => Promise<void>;
}

/** By a name the compiler does not follow: it would bring Node's types into the program of the page. */
const SUPPORT: string = '../../support/open-window.ts';
export const loadWindowSupport = async (): Promise<WindowSupport> => (await import(SUPPORT)) as WindowSupport;
