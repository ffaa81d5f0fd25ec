import { describe, expect, it } from 'vitest';
import { sessionPolicyFor } from '#main/credentials/session-policy.ts';
import { resourcesOf } from '#main/investigation/permissions.ts';
import type { ServiceMap } from '#shared/model/service-map.ts';

function mapOf(services: number, clusters: number): ServiceMap {
  return {
    system: 'shop',
    region: 'us-east-1',
    services: Array.from({ length: services }, (_, index) => ({
      name: `service-${index}`,
      ecs: { cluster: `cluster-${index % clusters}`, service: `service-${index}` },
      logGroup: `/ecs/cluster/service-${index}`,
      metrics: [],
    })),
    calls: [],
  };
}
const place = (map: ServiceMap) => ({ account: '000000000001', region: 'us-east-1', map });

/** @securityTest Each analyst's lease is narrowed to what the service map names */
describe('resourcesOf', () => {
  it('names log groups, clusters, services and tasks of the map', () => {
    expect(resourcesOf('log-analysis', place(mapOf(1, 1)))).toEqual([
      'arn:aws:logs:us-east-1:000000000001:log-group:/ecs/cluster/service-0:*',
    ]);
    expect(resourcesOf('infrastructure-inspection', place(mapOf(2, 1)))).toEqual([
      'arn:aws:ecs:us-east-1:000000000001:cluster/cluster-0',
      'arn:aws:ecs:us-east-1:000000000001:service/cluster-0/*',
      'arn:aws:ecs:us-east-1:000000000001:task/cluster-0/*',
    ]);
    expect(resourcesOf('metric-analysis', place(mapOf(1, 1)))).toEqual(['*']);
  });

  it.each(['log-analysis', 'infrastructure-inspection', 'metric-analysis'] as const)(
    'gives a session policy AWS accepts for %s, however large the map',
    (task) => {
      for (const size of [1, 12, 60, 500]) {
        const resources = resourcesOf(task, place(mapOf(size, size)));
        expect(resources.length).toBeLessThanOrEqual(64);
        expect(sessionPolicyFor(task, resources).length).toBeLessThanOrEqual(2048);
      }
    },
  );
});
