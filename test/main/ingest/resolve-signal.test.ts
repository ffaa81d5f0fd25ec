import { describe, expect, it } from 'vitest';
import type { Alarm, AlarmSubject } from '#main/ingest/alarm.ts';
import { type KnownEnvironment, resolveSignal } from '#main/ingest/resolve-signal.ts';
import type { ServiceMap } from '#shared/model/service-map.ts';

const MAP: ServiceMap = {
  system: 'shop',
  region: 'us-east-1',
  services: [
    {
      name: 'checkout',
      ecs: { cluster: 'prod', service: 'checkout' },
      metrics: [
        {
          key: 'checkout.cpu',
          kind: 'cpu',
          namespace: 'AWS/ECS',
          name: 'CPUUtilization',
          dimensions: { ClusterName: 'prod', ServiceName: 'checkout' },
          stat: 'Average',
          unit: 'Percent',
        },
        {
          key: 'checkout.latency',
          kind: 'latency',
          namespace: 'App',
          name: 'Latency',
          dimensions: { Service: 'checkout' },
          stat: 'p95',
          unit: 'Milliseconds',
        },
      ],
    },
  ],
  calls: [],
};
const environment = (id: string, account: string): KnownEnvironment => ({ id, account, region: 'us-east-1', map: MAP });
const ONE = environment('one', '000000000001');
const TWO = environment('two', '000000000002');

function alarm(subject: Partial<AlarmSubject>, kind: Alarm['kind'] = 'eventbridge'): Alarm {
  return {
    kind,
    name: 'alarm',
    title: 'alarm',
    severity: null,
    subject: { metric: null, service: null, environment: null, account: null, region: null, ...subject },
    startedAt: '2026-01-01T00:00:00.000Z',
  };
}
const latency = { namespace: 'App', name: 'Latency', dimensions: { Service: 'checkout' } };

describe('resolveSignal', () => {
  it('finds a metric by namespace, name and dimensions in the account it names', () => {
    const found = resolveSignal(alarm({ metric: latency, account: '000000000002', region: 'us-east-1' }), [ONE, TWO]);
    expect(found).toEqual({
      environment: 'two',
      signal: { service: 'checkout', metric: 'checkout.latency', kind: 'latency' },
    });
  });

  it('takes the metric users feel most where only the service is named', () => {
    expect(resolveSignal(alarm({ service: 'checkout' }), [ONE]).signal.metric).toBe('checkout.latency');
  });

  it('takes the metric a label names by key or by name', () => {
    const named = (name: string) => alarm({ service: 'checkout', metric: { namespace: null, name, dimensions: {} } });
    expect(resolveSignal(named('CPUUtilization'), [ONE]).signal.metric).toBe('checkout.cpu');
    expect(resolveSignal(named('checkout.cpu'), [ONE]).signal.metric).toBe('checkout.cpu');
  });

  it('finds the ECS service of a metric the map does not list', () => {
    const metric = {
      namespace: 'AWS/ECS',
      name: 'Other',
      dimensions: { ClusterName: 'prod', ServiceName: 'checkout' },
    };
    expect(resolveSignal(alarm({ metric }), [ONE]).signal.service).toBe('checkout');
  });

  it.each([
    ['another account', alarm({ metric: latency, account: '999999999999' }), 'unknown-account', /000000000001/],
    ['another region', alarm({ metric: latency, region: 'eu-west-1' }), 'unknown-account', /eu-west-1/],
    ['a service nobody knows', alarm({ service: 'billing' }), 'unknown-service', /Known services: checkout/],
    [
      'other dimensions',
      alarm({ metric: { ...latency, dimensions: { Service: 'checkout', Extra: 'x' } } }),
      'unknown-service',
      /App\/Latency/,
    ],
    [
      'a service of two environments',
      alarm({ service: 'checkout' }, 'pagerduty'),
      'ambiguous-service',
      /environment\/service/,
    ],
  ])('refuses %s', (_, input, reason, message) => {
    const resolve = () => resolveSignal(input, [ONE, TWO]);
    expect(resolve).toThrowError(message);
    expect(resolve).toThrowError(expect.objectContaining({ code: 'bad-input', reason }));
  });
});
