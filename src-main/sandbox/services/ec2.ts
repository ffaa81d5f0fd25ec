import { z } from 'zod';
import type { AccountState } from '../account-state.ts';
import { adoptArns } from '../ecs/ecs-names.ts';
import { AwsError } from '../http/aws-error.ts';
import type { XmlValue } from '../http/xml.ts';
import type { Ec2File } from '../scenario/ecs-file.ts';
import { defineOperation, type Operation } from './operation.ts';
import { openToken, sealToken } from './page-token.ts';

type Reservation = Ec2File['reservations'][number];
type Instance = Reservation['instances'][number];

/** Members whose XML element is not named like the member. Source: the EC2 API's DescribeInstances response elements. */
const ELEMENT_NAMES: Readonly<Record<string, string>> = {
  reservations: 'reservationSet',
  instances: 'instancesSet',
  groups: 'groupSet',
  securityGroups: 'groupSet',
  tags: 'tagSet',
  networkInterfaces: 'networkInterfaceSet',
  blockDeviceMappings: 'blockDeviceMapping',
  privateIpAddresses: 'privateIpAddressesSet',
  state: 'instanceState',
  stateTransitionReason: 'reason',
  publicDnsName: 'dnsName',
  publicIpAddress: 'ipAddress',
};

const DescribeInstancesInput = z.record(z.string(), z.string().max(2048)).transform((form, context) => {
  const ids: string[] = [];
  const filters = new Map<string, { name?: string; values: string[] }>();
  let maxResults = 1000;
  let nextToken: string | undefined;
  for (const [key, value] of Object.entries(form)) {
    const filter = /^Filter\.(\d{1,3})\.(Name|Value\.\d{1,3})$/.exec(key);
    if (/^InstanceId\.\d{1,4}$/.test(key)) ids.push(value);
    else if (key === 'NextToken') nextToken = value;
    else if (key === 'MaxResults' && /^\d{1,4}$/.test(value)) maxResults = Number(value);
    else if (filter?.[1] !== undefined) {
      const entry = filters.get(filter[1]) ?? { values: [] };
      filters.set(filter[1], entry);
      if (filter[2] === 'Name') entry.name = value;
      else entry.values.push(value);
    } else context.addIssue({ code: 'custom', path: [key], message: 'this parameter is not available' });
  }
  if (maxResults < 5 || maxResults > 1000)
    context.addIssue({ code: 'custom', path: ['MaxResults'], message: '5 to 1000' });
  if (ids.length > 0 && form.MaxResults !== undefined) {
    context.addIssue({ code: 'custom', path: ['MaxResults'], message: 'not together with instance ids' });
  }
  return { ids, filters: [...filters.values()], maxResults, nextToken };
});

const describeInstances = defineOperation({
  action: 'ec2:DescribeInstances',
  input: DescribeInstancesInput,
  // AWS has no resource-level permission for it.
  access: () => ({ resources: ['*'] }),
  run: (input, { account }) => {
    const reservations = reservationsOf(account);
    checkIds(input.ids, reservations);
    const matching = reservations
      .map((reservation) => ({
        ...reservation,
        instances: reservation.instances
          .filter((instance) => input.ids.length === 0 || input.ids.includes(instance.instanceId))
          .filter((instance) => input.filters.every((filter) => passes(instance, filter))),
      }))
      .filter((reservation) => reservation.instances.length > 0);
    const scope = `${account.accountId} ${JSON.stringify([input.filters, input.maxResults])}`;
    const position = input.nextToken === undefined ? [0] : openToken(scope, input.nextToken);
    if (position === undefined) throw new AwsError('InvalidNextToken', 'The token is not valid.');
    const [begin = 0] = position;
    const { part, end } = takePage(matching, begin, input.maxResults);
    const next = end < matching.length ? sealToken(scope, [end]) : undefined;
    return { reservationSet: part.map(toXml), nextToken: next };
  },
});

/** Recorded instances launched by now; a recording without ec2.json has none, its tasks run on Fargate. */
function reservationsOf(account: AccountState): readonly Reservation[] {
  const now = account.telemetry.now();
  return (adoptArns(account.scenario.ec2, account.accountId)?.reservations ?? [])
    .map((reservation) => ({
      ...reservation,
      ownerId: account.accountId,
      instances: reservation.instances.filter(
        ({ launchTime }) => launchTime === undefined || Date.parse(launchTime) <= now,
      ),
    }))
    .filter((reservation) => reservation.instances.length > 0);
}

/** Whole reservations, until `max` instances are reached. */
function takePage(reservations: readonly Reservation[], begin: number, max: number) {
  let end = begin;
  let count = 0;
  while (end < reservations.length) {
    count += reservations[end]?.instances.length ?? 0;
    if (count > max && end > begin) break;
    end += 1;
  }
  return { part: reservations.slice(begin, end), end };
}

function checkIds(ids: readonly string[], reservations: readonly Reservation[]): void {
  const known = new Set(reservations.flatMap(({ instances }) => instances.map(({ instanceId }) => instanceId)));
  for (const id of ids) {
    if (!/^i-[0-9a-f]{8,17}$/.test(id)) throw new AwsError('InvalidInstanceID.Malformed', `Invalid id: "${id}"`);
    if (!known.has(id)) throw new AwsError('InvalidInstanceID.NotFound', `The instance ID '${id}' does not exist`);
  }
}

function passes(instance: Instance, filter: { readonly name?: string; readonly values: readonly string[] }): boolean {
  const actual = filterValue(instance, filter.name ?? '');
  return actual !== undefined && filter.values.includes(actual);
}

function filterValue(instance: Instance, name: string): string | undefined {
  if (name.startsWith('tag:')) {
    const tags = z.array(z.looseObject({ key: z.string(), value: z.string() })).safeParse(instance.tags);
    return tags.success ? tags.data.find((tag) => tag.key === name.slice(4))?.value : undefined;
  }
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  switch (name) {
    case 'instance-id':
      return instance.instanceId;
    case 'instance-state-name':
      return instance.state?.name;
    case 'instance-type':
      return text(instance.instanceType);
    case 'vpc-id':
      return text(instance.vpcId);
    case 'subnet-id':
      return text(instance.subnetId);
    case 'private-ip-address':
      return text(instance.privateIpAddress);
    case 'availability-zone': {
      const placement = z.looseObject({ availabilityZone: z.string() }).safeParse(instance.placement);
      return placement.success ? placement.data.availabilityZone : undefined;
    }
    default:
      throw new AwsError('InvalidParameterValue', `The filter '${name}' is invalid`);
  }
}

function toXml(value: unknown): XmlValue {
  if (Array.isArray(value)) return value.map(toXml);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [
        Object.hasOwn(ELEMENT_NAMES, key) ? (ELEMENT_NAMES[key] ?? key) : key,
        toXml(member),
      ]),
    );
  }
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return undefined;
}

export const EC2_OPERATIONS: readonly Operation[] = [describeInstances];
