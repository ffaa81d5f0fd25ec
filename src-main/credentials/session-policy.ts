import { CausewayError } from '#shared/errors.ts';
import type { TaskKind } from '#shared/model/task.ts';

/** What each kind of task may do at all; a lease never has more. */
export const TASK_ACTIONS: Readonly<Record<TaskKind, readonly string[]>> = {
  'log-analysis': ['logs:GetQueryResults', 'logs:StartQuery', 'logs:GetLogEvents'],
  'metric-analysis': ['cloudwatch:GetMetricData', 'cloudwatch:GetMetricStatistics'],
  'infrastructure-inspection': ['ecs:Describe*', 'ec2:Describe*'],
  remediation: ['ecs:UpdateService', 'ecs:RegisterTaskDefinition'],
};

/**
 * Actions for which AWS knows no resource: a statement that names one would never match. Where a pattern covers such an
 * action among others, the others stay narrowed and this one is granted by itself.
 * Source: AWS Service Authorization Reference.
 */
export const WITHOUT_RESOURCE: Readonly<Record<string, readonly string[]>> = {
  'logs:GetQueryResults': ['logs:GetQueryResults'],
  'cloudwatch:GetMetricData': ['cloudwatch:GetMetricData'],
  'cloudwatch:GetMetricStatistics': ['cloudwatch:GetMetricStatistics'],
  'ec2:Describe*': ['ec2:Describe*'],
  'ecs:Describe*': ['ecs:DescribeTaskDefinition'],
};

/** AWS refuses longer session policies. */
export const MAX_SESSION_POLICY = 2048;

interface Statement {
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
}

/**
 * The session policy of one lease as JSON text: the task's actions (or fewer), narrowed to `resources` (ARNs; `*` is
 * accepted only where nothing of the task supports a resource, and then adds nothing).
 * @throws CausewayError `bad-input` with reason `resources-not-of-task`, `actions-not-of-task` or
 * `session-policy-too-long`.
 */
export function sessionPolicyFor(
  task: TaskKind,
  resources: readonly string[],
  actions: readonly string[] = TASK_ACTIONS[task],
): string {
  const foreign = actions.find((action) => !TASK_ACTIONS[task].includes(action));
  if (foreign !== undefined || actions.length === 0) {
    throw refusal('actions-not-of-task', `${foreign ?? 'Nothing'} is not an action of the task ${task}.`);
  }
  const narrowed = actions.filter((action) => WITHOUT_RESOURCE[action]?.includes(action) !== true);
  const open = actions.flatMap((action) => WITHOUT_RESOURCE[action] ?? []);
  const arns = readArns(task, resources, narrowed, open.length > 0);
  const statements: Statement[] = [];
  if (arns.length > 0) statements.push({ Effect: 'Allow', Action: narrowed, Resource: arns });
  if (open.length > 0) statements.push({ Effect: 'Allow', Action: open, Resource: ['*'] });
  const text = JSON.stringify({ Version: '2012-10-17', Statement: statements });
  if (text.length > MAX_SESSION_POLICY) {
    throw refusal(
      'session-policy-too-long',
      `The session policy for ${arns.length} resources has ${text.length} characters; AWS accepts ${MAX_SESSION_POLICY}. Investigate fewer services at a time.`,
    );
  }
  return text;
}

function readArns(
  task: TaskKind,
  resources: readonly string[],
  narrowed: readonly string[],
  hasOpen: boolean,
): readonly string[] {
  const services = new Set(narrowed.map((action) => action.split(':')[0]));
  const arns = new Set<string>();
  for (const resource of resources) {
    if (resource === '*') {
      if (hasOpen && task !== 'log-analysis') continue;
      throw refusal('resources-not-of-task', `A lease for ${task} must name its resources; * is not one.`);
    }
    const service = /^arn:aws[a-z-]*:([a-z0-9-]+):[a-z0-9-]+:\d{12}:[^*?]/.exec(resource)?.[1];
    if (!services.has(service)) {
      throw refusal('resources-not-of-task', `${resource.slice(0, 200)} is not a resource of the task ${task}.`);
    }
    arns.add(asPolicyResource(resource));
  }
  if (arns.size === 0 && !(hasOpen && task !== 'log-analysis')) {
    throw refusal('resources-not-of-task', `A lease for ${task} must name its resources.`);
  }
  return [...arns].sort();
}

/** CloudWatch Logs compares with ARNs that go on behind the group's name (`:log-stream:…`), so a group is written with `:*`. */
function asPolicyResource(arn: string): string {
  return /^arn:[^:]+:logs:[^:]*:\d{12}:log-group:[^:]+$/.test(arn) ? `${arn}:*` : arn;
}

function refusal(reason: string, message: string): CausewayError {
  return new CausewayError('bad-input', message, { reason });
}
