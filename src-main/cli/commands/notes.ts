import path from 'node:path';
import type { NotesView } from '#shared/ipc/compliance-views.ts';
import { type Io, plain } from '../io.ts';
import { type Call, exactly, runVerbs, type Verb } from '../verbs.ts';

const VERBS: Readonly<Record<string, Verb>> = {
  list: { access: 'notes list', usage: '', prepare: ({ words }) => exactly(words, 0) && list },
  take: {
    access: 'notes take',
    usage: 'FILE [--trust KEY_ID]',
    options: { trust: { type: 'string' } },
    prepare: ({ words, text }) => {
      const only = exactly(words, 1);
      return only && ((call) => take(call, path.resolve(only[0]), text('trust')));
    },
  },
};

/** `causeway notes`: what an auditor said about a bundle, as it came back. */
export async function runNotes(args: readonly string[], io: Io): Promise<number> {
  return runVerbs('notes', VERBS, args, io);
}

async function list({ console, say }: Call): Promise<number> {
  await console.compliance.counted();
  const notes = await console.compliance.notes.list();
  say(notes, notes.length === 0 ? 'No notes were taken in yet.\n' : notes.map(present).join(''));
  return 0;
}

async function take({ console, say }: Call, file: string, trust: string | undefined): Promise<number> {
  await console.compliance.counted();
  const result = await console.compliance.notes.take(file, trust);
  if (result.needsTrust !== null) {
    const { auditor, key } = result.needsTrust;
    say(
      result,
      `Not taken in yet: the key of ${plain(auditor)} was not seen before.\nkey  ${key}\nCompare it with what the auditor tells you another way. If it is the same, add: --trust ${key}\n`,
    );
    return 1;
  }
  say(result, `Taken in, on record.\n${present(result.notes)}`);
  return 0;
}

function present({ at, auditor, key, bundle, notes }: NotesView): string {
  const lines = notes.map(
    ({ verdict, about, text }) => `  ${verdict.padEnd(8)} ${about.what} ${plain(about.id)}: ${plain(text)}\n`,
  );
  return `${at}  ${plain(auditor)} (key ${key})\n  on the bundle with the manifest ${bundle}\n${lines.join('')}`;
}
