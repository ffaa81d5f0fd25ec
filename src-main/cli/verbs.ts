import { type ParseArgsConfig, parseArgs } from 'node:util';
import { COMMAND_ACCESS } from './access.ts';
import type { Io } from './io.ts';
import { asksForHelp } from './usage.ts';
import { type Seat, WORKSPACE_OPTIONS, withSeat } from './workspace.ts';

type Options = NonNullable<ParseArgsConfig['options']>;

/** What somebody typed after a command and its verb. */
export interface Typed {
  readonly words: readonly string[];
  /** Of an option that takes a text; undefined when it was not given. */
  text(option: string): string | undefined;
  /** Of one that may be given several times, and may hold several values with commas between them. */
  texts(option: string): readonly string[];
  /** Of one that may be given several times, each as it was typed: a comma is part of a file's name. */
  each(option: string): readonly string[];
  flag(option: string): boolean;
}

/** What a verb works with once a workspace is open and somebody is there who may do it. */
export interface Call extends Seat {
  readonly io: Io;
  /** Prints the value with `--json`, otherwise the text. */
  say(value: unknown, text: string): void;
  readonly json: boolean;
}

/** The exit status. */
export type Job = (call: Call) => Promise<number>;

/** One thing a command does. */
export interface Verb {
  /** In the table of what each needs. */
  readonly access: keyof typeof COMMAND_ACCESS;
  /** After the command and the verb: `FILE --out FILE`. */
  readonly usage: string;
  /** Besides those every command takes. */
  readonly options?: Options;
  /** What is to be done, from what was typed; null, or a sentence, when that is wrong. Nothing is open yet. */
  prepare(typed: Typed): Job | string | null;
}

/** Runs `causeway COMMAND VERB …`. 2 for wrong usage, before a workspace is opened; otherwise as the verb says. */
export async function runVerbs(
  command: string,
  verbs: Readonly<Record<string, Verb>>,
  [name = '', ...args]: readonly string[],
  io: Io,
): Promise<number> {
  const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
  if (asksForHelp([name, ...args])) {
    io.stdout(usageOf(command, verb === undefined ? verbs : { [name]: verb }));
    return 0;
  }
  if (verb === undefined) {
    io.stderr(usageOf(command, verbs));
    return 2;
  }
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { ...verb.options, ...WORKSPACE_OPTIONS, json: { type: 'boolean' } },
  });
  const typed = readTyped(values, positionals);
  const job = verb.prepare(typed);
  if (job === null || typeof job === 'string') {
    if (job !== null) io.stderr(`causeway ${command} ${name}: ${job}\n`);
    io.stderr(usageOf(command, { [name]: verb }));
    return 2;
  }
  const json = typed.flag('json');
  const where = { data: typed.text('data'), workspace: typed.text('workspace') };
  const say = (value: unknown, text: string) => io.stdout(json ? `${JSON.stringify(value)}\n` : text);
  return withSeat({ ...where, access: COMMAND_ACCESS[verb.access] }, (seat) => job({ ...seat, io, say, json }));
}

function readTyped(values: Readonly<Record<string, unknown>>, words: readonly string[]): Typed {
  const each = (option: string): readonly string[] => {
    const value = values[option];
    return Array.isArray(value) ? value.map(String) : [];
  };
  return {
    words,
    text: (option) => {
      const value = values[option];
      return typeof value === 'string' ? value : undefined;
    },
    texts: (option) =>
      each(option)
        .flatMap((one) => one.split(','))
        .flatMap((one) => (one.trim() === '' ? [] : [one.trim()])),
    each,
    flag: (option) => values[option] === true,
  };
}

function usageOf(command: string, verbs: Readonly<Record<string, Verb>>): string {
  const lines = Object.entries(verbs).map(([name, { usage }]) => `causeway ${command} ${name} ${usage}`.trimEnd());
  return `usage: ${lines.join('\n       ')}\n       each with [--workspace NAME] [--data DIR] [--json]\n`;
}

/** Exactly this many words; null when there are more or fewer. */
export function exactly(words: readonly string[], count: 0): readonly [] | null;
export function exactly(words: readonly string[], count: 1): readonly [string] | null;
export function exactly(words: readonly string[], count: 2): readonly [string, string] | null;
export function exactly(words: readonly string[], count: number): readonly string[] | null {
  return words.length === count ? words : null;
}
