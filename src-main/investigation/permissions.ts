import type { ServiceMap } from '#shared/model/service-map.ts';
import type { TaskKind } from '#shared/model/task.ts';

export type AnalystTask = Exclude<TaskKind, 'remediation'>;

/** A session policy holds 2,048 characters at most: longer lists of ARNs become one pattern of the same account and region. */
const MOST_ARN_CHARACTERS = 1200;

/** What an analyst's lease reaches: the resources the service map names; `*` where AWS knows no resource for the action. */
export function resourcesOf(
  task: AnalystTask,
  place: { readonly account: string; readonly region: string; readonly map: ServiceMap },
): readonly string[] {
  const { account, region, map } = place;
  switch (task) {
    case 'metric-analysis':
      return ['*'];
    case 'log-analysis': {
      const prefix = `arn:aws:logs:${region}:${account}:log-group:`;
      const groups = map.services.flatMap(({ logGroup }) => (logGroup === undefined ? [] : [`${prefix}${logGroup}:*`]));
      return shorten(groups, `${prefix}*`);
    }
    case 'infrastructure-inspection': {
      const prefix = `arn:aws:ecs:${region}:${account}:`;
      const clusters = [...new Set(map.services.flatMap(({ ecs }) => (ecs === undefined ? [] : [ecs.cluster])))];
      if (clusters.length === 0) return ['*'];
      const arnsOf = (cluster: string) => [`cluster/${cluster}`, `service/${cluster}/*`, `task/${cluster}/*`];
      const named = shorten(
        clusters.flatMap(arnsOf).map((arn) => `${prefix}${arn}`),
        '',
      );
      return named[0] === '' ? ['cluster/*', 'service/*', 'task/*'].map((arn) => `${prefix}${arn}`) : named;
    }
  }
}

function shorten(arns: readonly string[], pattern: string): readonly string[] {
  const unique = [...new Set(arns)].sort();
  return unique.join('').length <= MOST_ARN_CHARACTERS && unique.length <= 64 ? unique : [pattern];
}
