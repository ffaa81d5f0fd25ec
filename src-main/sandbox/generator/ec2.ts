import type { ScenarioSpec } from './spec.ts';
import { ACCOUNT } from './task-definitions.ts';

/** Instances beside the services: a way in for operators and a build host. None has to do with a fault. */
const INSTANCES = [
  { name: 'bastion', id: 'i-0b7c1d2e3f4a50001', type: 't4g.nano', address: '10.40.0.10', days: 61 },
  { name: 'report-export', id: 'i-0b7c1d2e3f4a50002', type: 'm7g.large', address: '10.40.1.24', days: 23 },
] as const;

/** ec2.json: what DescribeInstances answers. */
export function describeEc2(spec: ScenarioSpec) {
  const start = Date.parse(spec.incident.startedAt);
  return {
    reservations: INSTANCES.map((instance, index) => ({
      reservationId: `r-0c9d8e7f6a5b4000${index + 1}`,
      ownerId: ACCOUNT,
      instances: [
        {
          instanceId: instance.id,
          instanceType: instance.type,
          launchTime: new Date(start - instance.days * 86_400_000).toISOString(),
          state: { code: 16, name: 'running' },
          placement: { availabilityZone: `${spec.topology.region}a`, tenancy: 'default' },
          privateIpAddress: instance.address,
          subnetId: 'subnet-0a1b2c3d4e5f60001',
          vpcId: 'vpc-0a1b2c3d4e5f60000',
          architecture: 'arm64',
          tags: [
            { key: 'Name', value: `${spec.topology.system}-${instance.name}` },
            { key: 'environment', value: spec.topology.cluster },
          ],
        },
      ],
    })),
  };
}
