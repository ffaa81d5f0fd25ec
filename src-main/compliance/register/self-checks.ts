import { hash } from 'node:crypto';
import { CausewayError, describeError } from '#shared/errors.ts';
import type { CheckResult, ControlId } from '#shared/model/control.ts';
import { requireControl } from './refusals.ts';

/** What a control's own check found. `evidence`: what it saw, in words or as JSON; its digest goes on record. */
export interface CheckFinding {
  readonly result: CheckResult;
  readonly detail: string;
  readonly evidence: string;
}

/** Tries whether a control holds, in earnest: by attacking it, or by reading what it is there to protect. */
export type SelfCheck = () => Promise<CheckFinding>;

export interface SelfCheckResult {
  readonly control: ControlId;
  readonly result: CheckResult;
  readonly detail: string;
  /** SHA-256 of the evidence's UTF-8, lowercase hex. */
  readonly digest: string;
}

export interface SelfCheckOptions {
  /** Of one check, milliseconds. */
  readonly withinMs?: number;
  readonly onError?: (error: unknown, control: ControlId) => void;
}

const WITHIN_MS = 30_000;
const LONGEST = 1000;

/**
 * Runs the checks one after the other, in the order of their ids. One that throws, or does not end in time, fails: what
 * cannot be checked is not claimed.
 * @throws CausewayError `not-found` for a control there is not
 */
export async function runSelfChecks(
  checks: Readonly<Partial<Record<ControlId, SelfCheck>>>,
  { withinMs = WITHIN_MS, onError }: SelfCheckOptions = {},
): Promise<readonly SelfCheckResult[]> {
  const results: SelfCheckResult[] = [];
  for (const control of Object.keys(checks).sort()) {
    requireControl(control);
    const check = checks[control];
    if (check === undefined) continue;
    const { result, detail, evidence } = await attempt(check, withinMs, (error) => onError?.(error, control));
    const told = detail.trim().toWellFormed().slice(0, LONGEST).toWellFormed() || 'Nothing was said.';
    results.push({ control, result, detail: told, digest: hash('sha256', evidence, 'hex') });
  }
  return results;
}

async function attempt(check: SelfCheck, withinMs: number, onError: (error: unknown) => void): Promise<CheckFinding> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const text = `It did not end within ${Math.round(withinMs / 1000)} seconds.`;
  const timer = setTimeout(() => reject(new CausewayError('internal', text, { reason: 'too-long' })), withinMs);
  try {
    return await Promise.race([check(), tooLate]);
  } catch (error) {
    onError(error);
    const detail = error instanceof CausewayError ? error.message : describeError(error);
    return { result: 'fails', detail, evidence: detail };
  } finally {
    clearTimeout(timer);
  }
}
