import type { Io } from '#main/cli/io.ts';

/** A terminal that remembers what was printed and answers questions from a list; then nobody answers any more. */
export function recordedIo(
  answers: readonly string[] = [],
): Io & { readonly out: () => string; readonly err: () => string; readonly asked: () => number } {
  const waiting = [...answers];
  let out = '';
  let err = '';
  let asked = 0;
  return {
    stdout: (text) => {
      out += text;
    },
    stderr: (text) => {
      err += text;
    },
    ask: async (question) => {
      out += question;
      asked += 1;
      return waiting.shift() ?? null;
    },
    out: () => out,
    err: () => err,
    asked: () => asked,
  };
}
