import type { Io } from '#main/cli/io.ts';

/** A terminal that remembers what was printed and answers questions, secret ones too, from a list; then nobody answers any more. */
export function recordedIo(
  answers: readonly string[] = [],
): Io & { readonly out: () => string; readonly err: () => string; readonly asked: () => number } {
  const waiting = [...answers];
  let out = '';
  let err = '';
  let asked = 0;
  const answer = async (question: string) => {
    out += question;
    asked += 1;
    return waiting.shift() ?? null;
  };
  return {
    stdout: (text) => {
      out += text;
    },
    stderr: (text) => {
      err += text;
    },
    ask: answer,
    askSecret: answer, // what is typed is not printed
    askSecretText: answer,
    out: () => out,
    err: () => err,
    asked: () => asked,
  };
}
