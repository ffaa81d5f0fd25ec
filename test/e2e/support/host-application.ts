import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { chromium, type Page } from 'playwright';
import { PROJECT_ROOT } from '../../support/project-root.ts';
import type { Application, LaunchOptions } from './application.ts';

type Answer = { readonly id: number; readonly value?: unknown; readonly error?: string };

/** The command that starts it. */
export function hostCommand(): readonly [string, ...string[]] {
  return [process.execPath, path.join(PROJECT_ROOT, 'test/host/run.ts'), PROJECT_ROOT];
}

/** Starts the built console in the Chromium host, headless, and attaches to the browser it opens. */
export async function launchHost(options: LaunchOptions): Promise<Application> {
  const [program = process.execPath, ...args] = [...(options.under ?? []), ...hostCommand()];
  const child = spawn(program, args, {
    env: { ...process.env, ...options.env, CAUSEWAY_HOST_HEADLESS: '1' },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const stderr = collect(child);
  const exited = new Promise<number>((resolve) => child.on('exit', (code) => resolve(code ?? 1)));
  const waiting = new Map<number, (answer: Answer) => void>();
  const browser = new Promise<Awaited<ReturnType<typeof chromium.connectOverCDP>>>((resolve, reject) => {
    child.on('message', (message: { type: string; endpoint: string } & Answer) => {
      if (message.type === 'browser') chromium.connectOverCDP(message.endpoint).then(resolve, reject);
      else waiting.get(message.id)?.(message);
    });
    void exited.then((code) => reject(new Error(`the host ended with ${code}\n${stderr()}`)));
  });
  browser.catch(() => {}); // a start that fails is told by `exited` as well
  let last = 0;
  const evaluate: Application['evaluate'] = async (run, argument) => {
    const id = ++last;
    const answer = await new Promise<Answer>((resolve, reject) => {
      waiting.set(id, resolve);
      void exited.then(() => reject(new Error('the host has ended')));
      child.send({ id, source: run.toString(), argument });
    });
    waiting.delete(id);
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.value as never;
  };
  const kill = async () => {
    child.kill('SIGKILL');
    await exited;
  };
  return {
    page: async () => waitForPage(() => browser.then((opened) => opened.contexts().flatMap((one) => one.pages()))),
    evaluate,
    inPage: (expression) =>
      evaluate(async ({ BrowserWindow }, code) => {
        return BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(code);
      }, expression),
    stderr,
    exited,
    quit: async () => {
      await evaluate(({ app }) => setTimeout(() => app.quit(), 0) && null, null);
      return exited;
    },
    kill,
  };
}

export function collect(child: Pick<ChildProcess, 'stderr'>): () => string {
  let text = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  return () => text;
}

async function waitForPage(pages: () => Promise<readonly Page[]>): Promise<Page> {
  for (let attempt = 0; attempt < 400; attempt++) {
    const found = (await pages()).find((page) =>
      /^(https:\/\/console\.app\.invalid|app:\/\/console)\//.test(page.url()),
    );
    if (found !== undefined) return found;
    await wait(50);
  }
  throw new Error('The console’s window did not open');
}
