import { CausewayError } from '#shared/errors.ts';

const SHORTEST = 10;
const LONGEST = 2000;

/** The reason a person gives, trimmed. @throws CausewayError `bad-input` (`justification`) */
export function readJustification(text: string): string {
  const reason = text.trim().toWellFormed();
  const length = Array.from(reason).length;
  if (length >= SHORTEST && length <= LONGEST) return reason;
  const wrong = `Say why, in ${SHORTEST} to ${LONGEST} characters. Nothing was done.`;
  throw new CausewayError('bad-input', wrong, { reason: 'justification' });
}
