import type { Remediation } from '#shared/model/investigation.ts';

export const SHORTEST = 10;
export const LONGEST = 2000;

/** Why a justification cannot be taken yet, or null when it can. */
export function judgeJustification(text: string): string | null {
  const length = text.trim().length;
  if (length >= SHORTEST && text.length <= LONGEST) return null;
  if (text.length > LONGEST) return `At most ${LONGEST} characters; it has ${text.length}.`;
  return length === 0
    ? `Say why, in at least ${SHORTEST} characters. Approving and rejecting both need it.`
    : `${SHORTEST - length} more ${SHORTEST - length === 1 ? 'character' : 'characters'} needed.`;
}

/** Whether a proposal still waits for a decision, and if not, why. */
export function whyClosed(
  remediation: Pick<Remediation, 'status' | 'expiresAt' | 'decision'>,
  now: number,
): string | null {
  if (remediation.status !== 'proposed') {
    const by = remediation.decision;
    return by === null ? `It is ${remediation.status} meanwhile.` : `It was ${by.outcome} by ${by.by} meanwhile.`;
  }
  return Date.parse(remediation.expiresAt) <= now ? 'The time is over, which means no. Nothing will be changed.' : null;
}
