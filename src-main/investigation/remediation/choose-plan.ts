import type { Incident } from '#shared/model/incident.ts';
import type { RemediationPlan } from '#shared/model/plan.ts';
import type { ServiceMap } from '#shared/model/service-map.ts';
import type { Ranking } from '../analysis/model.ts';
import { type InspectedService, shortName } from '../inspection.ts';
import { buildRestart } from './restart.ts';
import { buildRollback } from './rollback.ts';

export interface PlanContext {
  readonly remediation: string;
  readonly investigation: string;
  /** Id of the hypothesis the plan acts on. */
  readonly hypothesis: string;
  readonly incident: Incident;
  readonly account: string;
  readonly region: string;
  readonly map: ServiceMap;
  /** Digests of the evidence the hypothesis and the plan rest on. */
  readonly evidence: readonly string[];
}

export type PlanChoice =
  | { readonly plan: RemediationPlan; readonly why: null }
  | { readonly plan: null; readonly why: string };

/** A restart is a weaker answer than undoing a known change, so it takes more certainty to propose one. */
const RESTART_CONFIDENCE = 0.6;

/**
 * Chooses what to propose for the leading hypothesis: undo the deployment that explains it; without one, restart a
 * service that ran out of a resource; otherwise nothing, with the reason.
 */
export function choosePlan(
  ranking: Ranking,
  inspected: ReadonlyMap<string, InspectedService>,
  context: PlanContext,
): PlanChoice {
  const [top] = ranking.ranked;
  if (top === undefined || ranking.abstained) {
    return { plan: null, why: 'No action is proposed, because no cause could be named with enough confidence.' };
  }
  const target = inspected.get(top.service);
  if (target === undefined) {
    return { plan: null, why: `No action is proposed: ${top.service} is not known to run as an ECS service.` };
  }
  if (top.change?.kind === 'deployment') {
    if (top.change.to !== undefined && top.change.to !== shortName(target.taskDefinition)) {
      return { plan: null, why: `No action is proposed: ${top.service} no longer runs ${top.change.to}.` };
    }
    return buildRollback(target, context);
  }
  if (top.detector === 'resource' && top.confidence >= RESTART_CONFIDENCE) return buildRestart(target, context);
  return {
    plan: null,
    why: `No action is proposed: no deployment explains what happened at ${top.service}, and a restart would not be justified by the evidence.`,
  };
}
