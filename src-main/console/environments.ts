import { CausewayError } from '#shared/errors.ts';
import type { EnvironmentInfo } from '#shared/ipc/views.ts';
import type { CloudEnvironment } from '../credentials/environment.ts';
import type { Sandbox } from '../sandbox/server.ts';

/** The accounts of the sandbox as environments, named after their scenarios. */
export function sandboxEnvironments(sandbox: Sandbox): readonly CloudEnvironment[] {
  return sandbox.accounts.map((account) => ({
    id: account.scenario.id,
    title: account.scenario.title,
    kind: 'sandbox',
    endpoint: sandbox.endpoint,
    region: account.region,
    account: account.accountId,
    baseCredentials: async () => account.baseCredentials,
    roles: account.roles,
    revocationRole: account.revocationRole,
    serviceMap: account.serviceMap,
    clock: account.clock,
  }));
}

/** Environments by id. `bad-input` when two have the same id, or one that is too long for a record. */
export function indexEnvironments(all: readonly CloudEnvironment[]): ReadonlyMap<string, CloudEnvironment> {
  const byId = new Map<string, CloudEnvironment>();
  for (const environment of all) {
    if (byId.has(environment.id)) {
      throw new CausewayError('bad-input', `Two environments are called ${environment.id}. Give each its own id.`);
    }
    if (environment.id.length > 64) {
      throw new CausewayError(
        'bad-input',
        `The environment id ${environment.id.slice(0, 64)}… is longer than 64 characters.`,
      );
    }
    byId.set(environment.id, environment);
  }
  return byId;
}

export function toEnvironmentInfo(environment: CloudEnvironment): EnvironmentInfo {
  const { id, title, kind, account, region, serviceMap } = environment;
  return {
    id,
    title: title.slice(0, 200),
    kind,
    account,
    region,
    system: serviceMap.system,
    services: serviceMap.services.length,
    calls: serviceMap.calls.map(([caller, callee]) => [caller, callee]),
    serviceNames: serviceMap.services.map(({ name }) => name),
  };
}
