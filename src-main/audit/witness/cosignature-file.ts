import { z } from 'zod';
import { CausewayError } from '#shared/errors.ts';
import { type Note, parseNote } from '../checkpoint.ts';
import { readVkey, type WitnessKey } from './vkey.ts';

/** Longest answer read, characters. */
export const MAX_ANSWER = 256 * 1024;

const AnswerFile = z.strictObject({
  causeway: z.literal('cosignature/1'),
  vkey: z.string().max(1024),
  /** The checkpoint with the witness's line added. */
  note: z.string().max(128 * 1024),
});

export interface CosignatureAnswer {
  readonly note: Note;
  /** The key the answer says it is by; null for a bare note, which may come from any C2SP witness. */
  readonly key: WitnessKey | null;
}

export function writeAnswer(vkey: string, note: string): string {
  const file: z.infer<typeof AnswerFile> = { causeway: 'cosignature/1', vkey, note };
  return `${JSON.stringify(file)}\n`;
}

/**
 * A witness's answer: this program's file, or a cosigned note as it is.
 * @throws CausewayError `bad-input` (`witness-answer`). Attacker-controlled.
 */
export function readAnswer(text: string): CosignatureAnswer {
  if (text.length > MAX_ANSWER) throw malformed('it is too long');
  if (!text.startsWith('{')) return { note: noteOf(text), key: null };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw malformed('it is not JSON', cause);
  }
  const file = AnswerFile.safeParse(value);
  if (!file.success) throw malformed('it is not of the form of one', file.error);
  const key = readVkey(file.data.vkey);
  if (typeof key === 'string') throw malformed(key);
  return { note: noteOf(file.data.note), key };
}

function noteOf(text: string): Note {
  const note = parseNote(text);
  if (typeof note === 'string') throw malformed(note);
  return note;
}

function malformed(what: string, cause?: unknown): CausewayError {
  const text = `This is not a witness's answer: ${what}.`;
  return new CausewayError('bad-input', text, { cause, reason: 'witness-answer' });
}
