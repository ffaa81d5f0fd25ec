import { describe, expect, it } from 'vitest';
import { generateScenario } from '#main/sandbox/generator/generate.ts';
import { SHIPPED_SCENARIOS } from '#main/sandbox/generator/shipped.ts';
import type { FaultSpec, ScenarioSpec } from '#main/sandbox/generator/spec.ts';
import { orderCallersFirst, restrictTopology, SHOP } from '#main/sandbox/generator/topology.ts';
import { excess, fileOf, parseTable } from './recording.ts';

const BEFORE = 480;
const SMALL = { minutesBefore: BEFORE, minutesAfter: 30 };

function specOf(fault: FaultSpec, seed = 5): ScenarioSpec {
  return {
    id: `test-${fault.family}`,
    title: 'A scenario of the tests',
    seed,
    topology: SHOP,
    fault,
    background: [{ kind: 'bursts', service: 'search', perDay: 5, minutes: 14, cpu: 34, slowdown: 1.35 }],
    incident: {
      title: 'The shop is slow',
      severity: 'high',
      service: 'frontend',
      metric: 'frontend.latency',
      startedAt: '2026-02-03T12:00:00.000Z',
    },
    previousDeregistered: false,
    taskRoles: false,
  };
}

const FAULTS: readonly (readonly [FaultSpec, string])[] = [
  [{ family: 'bad-deployment', service: 'orders', deployedAt: -8, addedMs: 900, errorRate: 0.3 }, 'orders.errors'],
  [{ family: 'memory-leak', service: 'catalog', deployedAt: -300, hoursToFull: 5, slowdown: 10 }, 'catalog.memory'],
  [{ family: 'cpu-hog', service: 'cart', startsAt: -6, cpu: 60, slowdown: 6 }, 'cart.cpu'],
  [{ family: 'downstream-latency', service: 'orders-db', startsAt: -6, slowdown: 30 }, 'orders-db.latency'],
];

describe('generateScenario', () => {
  it('writes the same bytes for the same seed and others for another seed', () => {
    const spec = specOf({ family: 'healthy' });
    expect(generateScenario(spec, SMALL)).toEqual(generateScenario(spec, SMALL));
    const other = generateScenario({ ...spec, seed: 6 }, SMALL);
    expect(fileOf(other, 'metrics.csv')).not.toBe(fileOf(generateScenario(spec, SMALL), 'metrics.csv'));
  });

  it.each(FAULTS)('shows the fault of family $family in its own metric', (fault, metric) => {
    const files = generateScenario(specOf(fault), { ...SMALL, logs: false });
    const scenario = JSON.parse(fileOf(files, 'scenario.json'));
    expect(scenario.truth).toMatchObject({ rootCause: [metric.split('.')[0]], metric });
    const values = parseTable(fileOf(files, 'metrics.csv')).column(metric);
    expect(excess(values.slice(0, 170), values.slice(BEFORE, BEFORE + 15))).toBeGreaterThan(5);
    expect(files.has('logs.ndjson')).toBe(false);
  });

  it('has no cause and nothing far out of its range in a healthy recording', () => {
    const files = generateScenario(specOf({ family: 'healthy' }), SMALL);
    expect(JSON.parse(fileOf(files, 'scenario.json')).truth).toEqual({ rootCause: [] });
    const table = parseTable(fileOf(files, 'metrics.csv'));
    const judged = table.keys.filter((key) => /\.(latency|errors)$/.test(key) && !key.startsWith('search.'));
    for (const key of judged) {
      const values = table.column(key);
      expect(excess(values.slice(0, BEFORE), values.slice(BEFORE)), key).toBeLessThan(3);
    }
  });

  it('keeps only the services asked for and the calls between them', () => {
    const services = ['frontend', 'api-gateway', 'catalog'];
    const files = generateScenario(specOf({ family: 'healthy' }), { ...SMALL, services });
    const scenario = JSON.parse(fileOf(files, 'scenario.json'));
    expect(scenario.services.map((service: { name: string }) => service.name)).toEqual(services);
    expect(scenario.calls).toEqual([
      ['frontend', 'api-gateway'],
      ['api-gateway', 'catalog'],
    ]);
    expect(parseTable(fileOf(files, 'metrics.csv')).times).toHaveLength(BEFORE + 31);
  });

  it.each(SHIPPED_SCENARIOS)('writes a short form of $id', (spec) => {
    const files = generateScenario(spec, { minutesBefore: 310, minutesAfter: 10 });
    expect(parseTable(fileOf(files, 'metrics.csv')).times).toHaveLength(321);
  });

  it('refuses a fault in an unknown service, an odd start and a circle of calls', () => {
    const leak: FaultSpec = { family: 'memory-leak', service: 'nowhere', deployedAt: -9, hoursToFull: 1, slowdown: 2 };
    expect(() => generateScenario(specOf(leak), SMALL)).toThrow(RangeError);
    const hog: FaultSpec = { family: 'cpu-hog', service: 'nowhere', startsAt: -9, cpu: 1, slowdown: 2 };
    expect(() => generateScenario(specOf(hog), SMALL)).toThrow(RangeError);
    const early: FaultSpec = { family: 'cpu-hog', service: 'cart', startsAt: -BEFORE - 1, cpu: 1, slowdown: 2 };
    expect(() => generateScenario(specOf(early), SMALL)).toThrow(/outside the recorded time/);
    const healthy = specOf({ family: 'healthy' });
    const unmeasured = { ...healthy.incident, metric: 'frontend.mood' };
    expect(() => generateScenario({ ...healthy, incident: unmeasured }, SMALL)).toThrow(/not recorded/);
    const incident = { ...healthy.incident, startedAt: '2026-02-03T12:00:30.000Z' };
    expect(() => generateScenario({ ...healthy, incident }, SMALL)).toThrow(/whole minute/);
    expect(() => restrictTopology(SHOP, ['cart'])).toThrow(/entry/);
    const back = { from: 'orders-db', to: 'checkout', ratio: 1, weight: 1, propagation: 1, timeoutMs: 1, retries: 0 };
    expect(() => orderCallersFirst({ ...SHOP, calls: [...SHOP.calls, back] })).toThrow(/circle/);
  });
});
