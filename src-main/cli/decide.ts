import type { Decision } from '#main/console.ts';
import type { Remediation } from '#shared/model/investigation.ts';
import type { Io } from './io.ts';
import { presentPlan } from './present.ts';

/** A justification that says something: it stands on record beside the decision. */
export const MIN_JUSTIFICATION = 10;

/** Characters as a person counts them (code points), the same count the record is held to. */
export function lengthOf(text: string): number {
  return [...text].length;
}

type Asked = Pick<Decision, 'decision' | 'justification'>;

/**
 * Shows the plan and asks a person. Only the whole word decides; the end of input, an interrupt or anything else is no
 * decision at all, and so means no. Resolves to null then.
 */
export async function askDecision(remediation: Remediation, io: Io): Promise<Asked | null> {
  io.stdout(`\n${presentPlan(remediation)}\n`);
  for (let tries = 0; tries < 3; tries += 1) {
    const answer = (await io.ask('Type "approve" or "reject" (anything else asks again): '))?.trim();
    if (answer === undefined) return null;
    if (answer !== 'approve' && answer !== 'reject') continue;
    const justification = await askJustification(io);
    return justification === null ? null : { decision: answer, justification };
  }
  return null;
}

async function askJustification(io: Io): Promise<string | null> {
  for (let tries = 0; tries < 3; tries += 1) {
    const text = (await io.ask(`Why (goes on record, at least ${MIN_JUSTIFICATION} characters): `))?.trim();
    if (text === undefined) return null;
    if (lengthOf(text) >= MIN_JUSTIFICATION) return text;
  }
  return null;
}
