import type { IpcError } from '#shared/ipc/envelope.ts';
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

/**
 * What a failed answer means. A refusal says that nothing was recorded; an internal failure leaves it open, and saying
 * more than is known would be worse than asking to look.
 */
export function describeFailure(error: Pick<IpcError, 'code'>): { readonly title: string; readonly hint: string } {
  return error.code === 'internal'
    ? {
        title: 'It is not known whether the decision was recorded',
        hint: 'What you typed is kept. Look in the audit trail before you decide again.',
      }
    : {
        title: 'The decision was not recorded, so it does not count',
        hint: 'What you typed is kept. Nothing was changed.',
      };
}
