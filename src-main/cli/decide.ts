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
type Choice = Asked['decision'];

/**
 * Shows the plan and asks a person. Only the whole word decides; the end of input, an interrupt or anything else is no
 * decision at all, and so means no. Resolves to null then.
 */
export async function askDecision(remediation: Remediation, io: Io, askedBy?: string): Promise<Asked | null> {
  io.stdout(`\n${presentPlan(remediation, askedBy)}\n`);
  return askChoice(io, ['approve', 'reject']);
}

/** One of these words, typed whole, and why. */
export async function askChoice(io: Io, choices: readonly Choice[]): Promise<Asked | null> {
  const decision = await askWord(io, choices);
  const justification = decision === null ? null : await askJustification(io);
  return decision === null || justification === null ? null : { decision, justification };
}

/** One of these words, typed whole; null after three other answers, or when there is nobody. */
export async function askWord<T extends string>(io: Io, words: readonly T[]): Promise<T | null> {
  const offered = words.map((word) => `"${word}"`).join(' or ');
  for (let tries = 0; tries < 3; tries += 1) {
    const answer = (await io.ask(`Type ${offered} (anything else asks again): `))?.trim();
    if (answer === undefined) return null;
    const word = words.find((one) => one === answer);
    if (word !== undefined) return word;
  }
  return null;
}

export async function askJustification(io: Io, what = 'Why'): Promise<string | null> {
  for (let tries = 0; tries < 3; tries += 1) {
    const text = (await io.ask(`${what} (goes on record, at least ${MIN_JUSTIFICATION} characters): `))?.trim();
    if (text === undefined) return null;
    if (lengthOf(text) >= MIN_JUSTIFICATION) return text;
  }
  return null;
}

/** A sentence given as an option, when it says something; otherwise null. */
export function readSentence(text: string | undefined): string | null {
  const given = text?.trim() ?? '';
  return lengthOf(given) < MIN_JUSTIFICATION ? null : given;
}
