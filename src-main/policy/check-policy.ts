import { CausewayError } from '#shared/errors.ts';
import { PolicyText } from '#shared/ipc/protection-views.ts';
import { overreachingRules } from './added-rules.ts';
import { CEDAR_SCHEMA } from './cedar/schema.ts';
import { TRYING } from './cedar-module.ts';
import { type CedarProblem, readRules } from './cedar-rules.ts';
import { openCedarSet } from './cedar-set.ts';
import { engineOf, type PolicyEngine } from './engine.ts';
import { ALL_TERMS, brokenInvariants, missingRules } from './invariants.ts';
import { requiredApprovals } from './quorum.ts';
import type { QuorumTerms } from './request.ts';

const MOST_LINES = 5000;
const MOST_PROBLEMS = 50;
const LONGEST_PROBLEM = 1000;

/** Who there is to approve, and the policies a change is measured against. */
export interface QuorumFacts {
  /** How many humans may approve. */
  readonly eligible: number;
  readonly inForce: Pick<PolicyEngine, 'decide'>;
}

/**
 * Everything that keeps a text from being put in force, in sentences; empty when nothing does. `quorum` null leaves out
 * whether there are people enough.
 */
export function problemsOfPolicy(text: string, quorum: QuorumFacts | null): string[] {
  if (!PolicyText.safeParse(text).success) return ['A policy has 1 to 100,000 characters.'];
  if (text.split('\n').length > MOST_LINES) return [`A policy has at most ${MOST_LINES} lines.`];
  try {
    return shortened(problemsOfText(text, quorum));
  } catch (error) {
    if (!(error instanceof CausewayError) || error.reason !== 'policy-engine') throw error;
    return ['The policy engine fails over this text: it is too involved. Nothing was changed.'];
  }
}

function problemsOfText(text: string, quorum: QuorumFacts | null): string[] {
  const source = { policies: text, schema: CEDAR_SCHEMA };
  const read = readRules(source);
  if (read.problems.length > 0) return read.problems.map(sentenceOf);
  const set = openCedarSet(source, read, TRYING);
  try {
    const engine = engineOf(set);
    return [
      ...brokenInvariants(engine),
      ...missingRules(read.rules),
      ...overreachingRules(read.rules),
      ...(quorum === null ? [] : quorumProblems(engine, quorum)),
    ];
  } finally {
    set.release();
  }
}

/**
 * A number of approvals that is raised needs one person more than that, since the requester is none of them; one that is
 * as it was is as it was agreed to.
 */
function quorumProblems(engine: Pick<PolicyEngine, 'decide'>, { eligible, inForce }: QuorumFacts): string[] {
  return ALL_TERMS.flatMap((terms) => {
    const before = numberOf(inForce, terms);
    const after = numberOf(engine, terms);
    if (after === null) {
      return before === null ? [] : [`However many people approve, it would never be enough for ${named(terms)}.`];
    }
    if (after <= 1 || after <= (before ?? 0) || eligible > after) return [];
    const text = `${after} approvals for ${named(terms)} need more than ${after} people who may approve; there are ${eligible}.`;
    return [text];
  });
}

function numberOf(engine: Pick<PolicyEngine, 'decide'>, terms: QuorumTerms): number | null {
  try {
    return requiredApprovals(engine, terms);
  } catch {
    return null; // none is enough: `denied`, the only thing it throws
  }
}

function named({ severity, environmentKind, kind }: QuorumTerms): string {
  return `a ${kind} in a ${severity} incident (environment ${environmentKind})`;
}

function sentenceOf({ message, line }: CedarProblem): string {
  return line === null ? message : `Line ${line}: ${message}`;
}

function shortened(problems: readonly string[]): string[] {
  return [...new Set(problems)].slice(0, MOST_PROBLEMS).map((problem) => problem.slice(0, LONGEST_PROBLEM));
}
