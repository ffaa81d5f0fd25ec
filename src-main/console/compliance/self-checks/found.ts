import type { CheckResult } from '#shared/model/control.ts';

/** What a self-check found. `evidence` is what was looked at, in full: its digest goes on record. */
export interface Found {
  readonly result: CheckResult;
  readonly detail: string;
  readonly evidence: string;
}

const found =
  (result: CheckResult) =>
  (detail: string, looked: unknown): Found => ({
    result,
    detail,
    evidence: JSON.stringify(looked),
  });

export const holds = found('holds');
export const partial = found('partial');
export const fails = found('fails');
/** This build does not have what the control is about. */
export const absent = (detail: string): Found => found('absent')(detail, { absent: detail });

/** Whether something that must be refused is refused. */
export async function isRefused(attempt: () => unknown): Promise<boolean> {
  try {
    await attempt();
    return false;
  } catch {
    return true;
  }
}
