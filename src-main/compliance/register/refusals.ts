import { CausewayError, type ErrorCode } from '#shared/errors.ts';
import type { ControlDefinition } from '../controls/control-definition.ts';
import { controlOf } from '../controls/controls.ts';
import { isPlaceholder } from './placeholder.ts';

const SHORTEST = 10;
const LONGEST = 2000;

export function refuse(code: ErrorCode, reason: string, text: string): CausewayError {
  return new CausewayError(code, text, { reason });
}

/** @throws CausewayError `not-found` (`control`) */
export function requireControl(id: string): ControlDefinition {
  const control = controlOf(id);
  if (control === undefined) throw refuse('not-found', 'control', `The register has no control ${id.slice(0, 64)}.`);
  return control;
}

/** What a person writes, trimmed. @throws CausewayError `bad-input` (`note`, `placeholder`) */
export function readNote(text: string): string {
  const note = text.trim().toWellFormed();
  const { length } = Array.from(note);
  if (length < SHORTEST || length > LONGEST) {
    const asked = `Say what was done, or why, in ${SHORTEST} to ${LONGEST} characters. Nothing was recorded.`;
    throw refuse('bad-input', 'note', asked);
  }
  if (isPlaceholder(note)) {
    const asked =
      'This is placeholder text, which an auditor would send back. Say what was done. Nothing was recorded.';
    throw refuse('bad-input', 'placeholder', asked);
  }
  return note;
}

/** Milliseconds. @throws CausewayError `bad-input` with that reason */
export function readInstant(text: string, reason: string): number {
  const instant = Date.parse(text);
  if (!Number.isNaN(instant)) return instant;
  throw refuse('bad-input', reason, `"${text.slice(0, 64)}" is not a date. Nothing was recorded.`);
}
