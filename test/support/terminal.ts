import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { verifyChainFile } from '#main/audit/verify-file.ts';
import { startKeychain } from './keychain.ts';
import { PROJECT_ROOT } from './project-root.ts';

export const PROGRAM = path.join(PROJECT_ROOT, 'src-main/cli/main.ts');

/** Typed by a quick terminal as the code of the authenticator that was just set up. */
export const CODE_NOW = 'the code it shows now';

export interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

interface Given {
  /** What is typed, a line each; then nobody answers any more. */
  readonly lines?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a program to its end. */
export function start(command: string, args: readonly string[], { lines = [], env }: Given = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: PROJECT_ROOT, env: { ...process.env, ...env } });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, out, err }));
    child.stdin.on('error', () => {}); // a command that asks nothing does not read what was typed
    child.stdin.end(lines.map((line) => `${line}\n`).join(''));
  });
}

/** A machine as a person has it: a keychain of its own, a data folder, and a terminal. */
export interface Terminal {
  readonly data: string;
  readonly env: Readonly<Record<string, string>>;
  /** A path in this machine's folder. */
  file(name: string): string;
  /** Runs `causeway` with these words on the data folder. */
  run(args: readonly string[], given?: Given): Promise<Ended>;
  /** The same; fails unless it ended well. */
  done(args: readonly string[], given?: Given): Promise<Ended>;
  stop(): Promise<void>;
}

/** Each command a process of its own. */
export async function startTerminal(): Promise<Terminal> {
  const { env, ...machine } = await startMachine();
  const runIn = (args: readonly string[], given: Given) =>
    start(process.execPath, [PROGRAM, ...args], { ...given, env: { ...env, ...given.env } });
  return toTerminal({ env, ...machine }, runIn);
}

/** All commands in one process, one after the other: much faster where what counts is what they do. */
export async function startQuickTerminal(): Promise<Terminal> {
  const machine = await startMachine();
  const child = spawn(process.execPath, [path.join(PROJECT_ROOT, 'test/support/terminal-program.ts')], {
    cwd: PROJECT_ROOT,
    env: { ...process.env, ...machine.env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const runIn = converse(child);
  const stop = async () => {
    const gone = once(child, 'exit');
    child.stdin.end();
    await gone;
    await machine.stop();
  };
  return toTerminal({ ...machine, stop }, runIn);
}

function converse(child: ChildProcessByStdio<Writable, Readable, null>) {
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return async (args: readonly string[], { lines = [], env = {} }: Given): Promise<Ended> => {
    child.stdin.write(`${JSON.stringify({ args, lines, env })}\n`);
    const answer = await answers.next();
    if (answer.done === true) throw new Error(`the program ended at causeway ${args.join(' ')}`);
    return JSON.parse(answer.value) as Ended;
  };
}

type Machine = Pick<Terminal, 'data' | 'env' | 'file' | 'stop'>;

async function startMachine(): Promise<Machine> {
  const keychain = await startKeychain();
  const folder = mkdtempSync(path.join(tmpdir(), 'causeway-terminal-'));
  const data = path.join(folder, 'data');
  return {
    data,
    env: { ...keychain.env, CAUSEWAY_DATA: data },
    file: (name) => path.join(folder, name),
    stop: async () => {
      await keychain.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function toTerminal(machine: Machine, runIn: (args: readonly string[], given: Given) => Promise<Ended>): Terminal {
  const run = (args: readonly string[], given: Given = {}) => runIn(args, given);
  return {
    ...machine,
    run,
    done: async (args, given) => {
      const ended = await run(args, given);
      if (ended.status === 0) return ended;
      throw new Error(`causeway ${args.join(' ')} ended with ${ended.status}: ${ended.err}${ended.out}`);
    },
  };
}

export const OWNER = { name: 'Test owner', email: 'owner@test.example', password: 'plainly a test password' };
export const SECOND = { name: 'Test second', email: 'second@test.example', password: 'another test password' };

/** A workspace with its owner, who is signed in by it. */
export async function makeWorkspace({ done }: Terminal): Promise<void> {
  const { name, email, password } = OWNER;
  const args = ['workspace', 'create', '--title', 'Local', '--name', name, '--email', email];
  await done(args, { lines: [password, password] });
}

/** Invited by the owner, who is signed in; then the second person is. */
export async function addSecond({ done }: Terminal, role = 'operator'): Promise<void> {
  const { name, email, password } = SECOND;
  const invite = ['people', 'invite', '--email', email, '--role', role, '--json'];
  const invited: unknown = JSON.parse((await done(invite, { lines: [OWNER.password] })).out);
  const code = invited !== null && typeof invited === 'object' && 'code' in invited ? String(invited.code) : '';
  await done(['people', 'accept', '--name', name], { lines: [code, password, password] });
}

export async function signIn({ done }: Terminal, { email, password }: typeof OWNER): Promise<void> {
  await done(['sign-in', '--email', email], { lines: [password] });
}

/** A record, as far as tests look at it. */
export interface Recorded {
  readonly action: string;
  readonly outcome: string;
  readonly actor: { readonly type: string; readonly id: string };
  readonly data: Readonly<Record<string, unknown>>;
}

/** The whole trail, exported as whoever is signed in and verified. */
export async function recordsOf(terminal: Terminal): Promise<readonly Recorded[]> {
  const file = terminal.file(`${randomUUID()}.chain.jsonl`);
  await terminal.done(['export', '--out', file]);
  const { verdict } = await verifyChainFile(file);
  if (verdict !== 'valid') throw new Error(`the exported chain is ${verdict}`);
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line)).flatMap(({ record }) => (record ? [record as Recorded] : []));
}
