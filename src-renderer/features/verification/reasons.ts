/** The bounds of a reason that goes on record, as the contract has them. */
export const SHORTEST = 10;
export const LONGEST = 2000;

/** Why a reason cannot be taken yet, or null when it can. */
export function judgeReason(text: string): string | null {
  const length = text.trim().length;
  if (text.length > LONGEST) return `At most ${LONGEST} characters; it has ${text.length}.`;
  if (length >= SHORTEST) return null;
  if (length === 0) return `Say why, in at least ${SHORTEST} characters.`;
  return `${SHORTEST - length} more ${SHORTEST - length === 1 ? 'character' : 'characters'} needed.`;
}
