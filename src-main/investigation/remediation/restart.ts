import { type InspectedService, shortName } from '../inspection.ts';
import { callersOf, listNames } from './blast-radius.ts';
import type { PlanChoice, PlanContext } from './choose-plan.ts';

const MINUTE = 60_000;
/** A restart empties what filled up; whether it fills again shows only after a while. */
const WAIT = 45 * MINUTE;
const LEASE_SECONDS = 900;

/** New tasks of the same task definition. */
export function buildRestart(target: InspectedService, context: PlanContext): PlanChoice {
  const { service } = target;
  const callers = callersOf(context.map, service);
  const { signal } = context.incident;
  const running = shortName(target.taskDefinition);
  return {
    why: null,
    plan: {
      version: 1,
      remediation: context.remediation,
      incident: context.incident.id,
      investigation: context.investigation,
      hypothesis: context.hypothesis,
      kind: 'restart',
      summary: `Restart ${service} with the task definition it runs, ${running}.`,
      account: context.account,
      region: context.region,
      steps: [
        {
          operation: 'ecs:UpdateService',
          resource: target.arn,
          parameters: { cluster: target.cluster, service: target.arn, forceNewDeployment: true },
          changes: [
            { field: 'taskDefinition', before: running, after: `${running} (the same)` },
            { field: 'tasks', before: `${target.running} running`, after: `${target.desired} new ones of ${running}` },
          ],
        },
      ],
      blastRadius: {
        service,
        cluster: target.cluster,
        tasks: target.desired,
        callers: [...callers],
        summary: `${target.desired} tasks of ${service} are replaced one after another; ${callers.length === 0 ? 'no service calls it' : `called by ${listNames(callers)}`}.`,
      },
      wayBack: {
        summary: 'Nothing to undo: the same task definition runs before and after.',
        steps: [],
      },
      postCheck: {
        service: signal.service,
        metric: signal.metric,
        waitMs: WAIT,
        summary: `After ${WAIT / MINUTE} minutes ${signal.metric} of ${signal.service} is read again and compared with its usual range.`,
      },
      credentials: {
        task: 'remediation',
        seconds: LEASE_SECONDS,
        actions: ['ecs:UpdateService'],
        resources: [target.arn],
      },
      evidence: [...new Set(context.evidence)].sort().slice(0, 64),
    },
  };
}
