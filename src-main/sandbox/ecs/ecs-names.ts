/** ARNs of one account and region; the forms a caller may use for each resource are resolved against them. */
export interface EcsNames {
  cluster(name: string): string;
  service(cluster: string, name: string): string;
  taskDefinition(family: string, revision: number | string): string;
  task(cluster: string, id: string): string;
}

export function ecsNames(region: string, accountId: string): EcsNames {
  const prefix = `arn:aws:ecs:${region}:${accountId}`;
  return {
    cluster: (name) => `${prefix}:cluster/${name}`,
    service: (cluster, name) => `${prefix}:service/${cluster}/${name}`,
    taskDefinition: (family, revision) => `${prefix}:task-definition/${family}:${revision}`,
    task: (cluster, id) => `${prefix}:task/${cluster}/${id}`,
  };
}

/** The last part of a name or ARN: the cluster's, service's or task's own name. */
export function shortName(nameOrArn: string): string {
  return nameOrArn.startsWith('arn:') ? (nameOrArn.split('/').at(-1) ?? nameOrArn) : nameOrArn;
}

/**
 * Recordings name some account, or leave it open as `{account}`; this one serves them as its own. Touched are the account
 * part of ARNs and that placeholder.
 */
export function adoptArns<T>(value: T, accountId: string): T {
  return adopt(value, accountId) as T;
}

function adopt(value: unknown, accountId: string): unknown {
  if (typeof value === 'string') {
    return value
      .replaceAll('{account}', accountId)
      .replace(/^(arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:)\d{12}:/, `$1${accountId}:`);
  }
  if (Array.isArray(value)) return value.map((item) => adopt(item, accountId));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, adopt(member, accountId)]));
  }
  return value;
}
