import { SHORTEST_PASSWORD } from '#shared/model/access.ts';

export interface PasswordLength {
  /** 0 to 4: how many parts of the bar are filled. */
  readonly level: 0 | 1 | 2 | 3 | 4;
  readonly word: string;
}

/** Characters as a person counts them: one for each code point, whatever it takes in memory. */
export function countCharacters(text: string): number {
  return [...text].length;
}

/**
 * How long a password is, in words. Length is what counts (NIST SP 800-63B-4): nothing is asked about capitals or signs,
 * and nothing is claimed about how hard it is to guess.
 */
export function judgeLength(password: string): PasswordLength {
  const length = countCharacters(password);
  if (length === 0) return { level: 0, word: `At least ${SHORTEST_PASSWORD} characters; longer is better.` };
  if (length < SHORTEST_PASSWORD) return { level: 1, word: `${SHORTEST_PASSWORD - length} more to go.` };
  if (length < 16) return { level: 2, word: 'Long enough.' };
  if (length < 24) return { level: 3, word: 'Long.' };
  return { level: 4, word: 'Very long.' };
}
