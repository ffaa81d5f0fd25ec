import { createInterface } from 'node:readline';
import { generateSync } from 'otplib';
import { run } from '#main/cli/main.ts';
import { CODE_NOW } from './terminal.ts';

// A program that runs many commands one after the other, each with a workspace opened and closed for it, as its parent
// asks: loading everything anew for each would take longer than all of them. A line in, a line out.

interface Asked {
  readonly args: readonly string[];
  readonly lines: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

process.on('SIGTERM', () => process.exit(0));
for await (const line of createInterface({ input: process.stdin })) {
  const { args, lines, env } = JSON.parse(line) as Asked;
  const waiting = [...lines];
  let [out, err] = ['', ''];
  const answer = async (question: string) => {
    err += question;
    const line = waiting.shift() ?? null;
    return line === CODE_NOW ? codeOf(out) : line;
  };
  const io = {
    stdout: (text: string) => {
      out += text;
    },
    stderr: (text: string) => {
      err += text;
    },
    ask: answer,
    askSecret: answer,
    askSecretText: async (question: string) => {
      err += question;
      return waiting.length === 0 ? null : waiting.splice(0).join('\n');
    },
  };
  Object.assign(process.env, env);
  const status = await run(args, io);
  for (const name of Object.keys(env)) delete process.env[name];
  process.stdout.write(`${JSON.stringify({ status, out, err })}\n`);
}

/** The code an authenticator shows that was given the key just printed. */
function codeOf(printed: string): string | null {
  const secret = /^ {2}([A-Z2-7]{32})$/m.exec(printed)?.[1];
  return secret === undefined ? null : generateSync({ secret });
}
