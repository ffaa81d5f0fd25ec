import { createInterface } from 'node:readline/promises';

/** What a command needs of the terminal; tests give their own. */
export interface Io {
  stdout(text: string): void;
  stderr(text: string): void;
  /** One line typed by a person; null when there is nobody (end of input, interrupted): which always means no. */
  ask(question: string): Promise<string | null>;
  /** The same for a password or a code: what is typed is not shown. From a pipe, the next line. */
  askSecret(question: string): Promise<string | null>;
  /** The same for a secret of any kind: from a pipe, everything up to its end, less one line break. */
  askSecretText(question: string): Promise<string | null>;
}

/**
 * Watches the output streams. A reader that stops reading (`| head`) is no failure of the command: what it no longer
 * wants is dropped, and the exit status stays. Output that cannot be written (a full disk) ends in `status`.
 */
export function watchOutput(status: number): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') return;
      process.once('exit', () => {
        process.exitCode = status;
      });
    });
  }
}

export const terminal: Io = {
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
  ask: askTerminal,
  askSecret: (question) => (process.stdin.isTTY ? askHidden(question) : askTerminal(question)),
  askSecretText: (question) => (process.stdin.isTTY ? askHidden(question) : readToEnd()),
};

// One reader for the whole run: a second one would lose the lines the first has buffered from a pipe.
let input: AsyncIterator<string> | undefined;
let closeInput: (() => void) | undefined;

// Questions go where errors go: what a command prints can be given to another program, whatever was asked meanwhile.
async function askTerminal(question: string): Promise<string | null> {
  process.stderr.write(question);
  if (input === undefined) {
    const reader = createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY });
    input = reader[Symbol.asyncIterator]();
    closeInput = () => reader.close();
  }
  const next = await input.next().then((line) => (line.done ? null : line.value));
  if (next === null) process.stderr.write('\n');
  return next;
}

/** Null when there is nothing. */
async function readToEnd(): Promise<string | null> {
  const parts: Buffer[] = [];
  for await (const part of process.stdin) parts.push(Buffer.from(part));
  const text = Buffer.concat(parts)
    .toString('utf8')
    .replace(/\r?\n$/, '');
  return text === '' ? null : text;
}

const ENTER = /[\r\n]/;
const END = '\u0004';
const INTERRUPT = '\u0003';
const ERASE = new Set(['\u007f', '\b']);

/** Reads keys one by one, so that the terminal shows none of them. */
async function askHidden(question: string): Promise<string | null> {
  const { stdin } = process;
  process.stderr.write(question);
  stdin.setRawMode(true);
  stdin.resume();
  stdin.setEncoding('utf8');
  try {
    return await new Promise((resolve) => {
      let typed = '';
      const finish = (answer: string | null) => {
        stdin.off('data', onKeys);
        resolve(answer);
      };
      const onKeys = (keys: string) => {
        for (const key of keys) {
          if (ENTER.test(key)) return finish(typed);
          if (key === INTERRUPT || key === END) return finish(null);
          typed = ERASE.has(key) ? typed.slice(0, -1) : typed + key;
        }
      };
      stdin.on('data', onKeys);
    });
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    process.stderr.write('\n');
  }
}

/** Lets the process end: an open standard input would keep it alive. */
export function closeTerminal(): void {
  closeInput?.();
  process.stdin.unref?.();
}

/**
 * Text from outside made safe for a terminal: control characters (escape sequences among them) could move the cursor,
 * change colours or retitle the window, so each becomes a visible replacement.
 */
export function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what has to go
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, '\uFFFD');
}
