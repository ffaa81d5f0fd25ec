import type { Investigation, Remediation } from '#shared/model/investigation.ts';
import type { RemediationPlan } from '#shared/model/plan.ts';
import type { PlanChoice } from './remediation/choose-plan.ts';

/** Keeps two plans from being open for one service: the second would be carried out on what the first has changed. */
export interface PlannedServices {
  /** The plan, or why it must not be proposed now. Claims its service for this investigation until released. */
  claim(investigation: string, plan: RemediationPlan): PlanChoice;
  /** A proposal made meanwhile is kept with its investigation. */
  release(investigation: string): void;
}

/** @param listOpen investigations whose remediation may wait for a decision or be under way; `now` epoch milliseconds. */
export function createPlannedServices(listOpen: () => readonly Investigation[], now: () => number): PlannedServices {
  const claims = new Map<string, string>();
  return {
    claim: (investigation, plan) => {
      const wanted = serviceOf(plan);
      const by = claims.get(wanted);
      const other = listOpen().find(
        ({ id, remediation }) =>
          id !== investigation &&
          remediation !== null &&
          serviceOf(remediation.plan) === wanted &&
          isOpen(remediation, now()),
      );
      if (other === undefined && (by === undefined || by === investigation)) {
        claims.set(wanted, investigation);
        return { plan, why: null };
      }
      const holder = other?.remediation?.id ?? `a proposal of ${by}`;
      return { plan: null, why: `No action is proposed: ${holder} for ${plan.blastRadius.service} is not finished.` };
    },
    release: (investigation) => {
      for (const [service, by] of claims) if (by === investigation) claims.delete(service);
    },
  };
}

function serviceOf(plan: RemediationPlan): string {
  return plan.steps.find(({ operation }) => operation === 'ecs:UpdateService')?.resource ?? plan.blastRadius.service;
}

function isOpen({ status, expiresAt, failure }: Remediation, now: number): boolean {
  switch (status) {
    case 'proposed':
      return Date.parse(expiresAt) > now;
    case 'approved':
    case 'executing':
      return true;
    case 'executed':
      return failure === null; // its outcome is being checked
    case 'rejected':
    case 'expired':
    case 'failed':
    case 'verified':
      return false;
  }
}
