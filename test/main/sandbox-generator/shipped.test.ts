import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { generateScenario } from '#main/sandbox/generator/generate.ts';
import { SHIPPED_SCENARIOS } from '#main/sandbox/generator/shipped.ts';
import { SHOP } from '#main/sandbox/generator/topology.ts';
import { excess, median, present, quantile } from './recording.ts';
import { type LoadedScenario, readShipped } from './shipped-recording.ts';

const ROOT = fileURLToPath(new URL('../../../resources/scenarios/', import.meta.url));
const sha256 = (content: string | Buffer) => createHash('sha256').update(content).digest('hex');

describe.each(SHIPPED_SCENARIOS)('resources/scenarios/$id', (spec) => {
  const folder = join(ROOT, spec.id);
  const shipped: LoadedScenario = readShipped(folder);
  const { scenario, table, logs, events, ecs } = shipped;
  const incident = table.times.indexOf(spec.incident.startedAt);
  const { fault } = spec;
  if (fault.family !== 'bad-deployment' && fault.family !== 'memory-leak') throw new Error('an unexpected fault');
  const usual = (key: string) => table.column(key).slice(0, incident + fault.deployedAt);
  const during = (key: string) => table.column(key).slice(incident, incident + 15);

  it('is what the generator writes now, byte for byte', () => {
    const files = generateScenario(spec);
    expect(readdirSync(folder).sort()).toEqual([...files.keys()].sort());
    for (const [name, content] of files) {
      expect(sha256(readFileSync(join(folder, name))), name).toBe(sha256(content));
    }
  });

  it('stays below five megabytes and has 45 to 55 series over three days', () => {
    const bytes = readdirSync(folder).reduce((sum, name) => sum + readFileSync(join(folder, name)).length, 0);
    expect(bytes).toBeLessThan(5_000_000);
    expect(table.keys.length).toBeGreaterThanOrEqual(45);
    expect(table.keys.length).toBeLessThanOrEqual(55);
    expect(incident).toBe(4_320);
    expect(logs.length).toBeGreaterThan(8_000);
    expect(logs.length).toBeLessThan(15_000);
  });

  it('has one row a minute, in order', () => {
    const times = table.times.map((time) => Date.parse(time));
    expect(times.every((time, index) => index === 0 || time - (times[index - 1] ?? 0) === 60_000)).toBe(true);
  });

  it('agrees with itself: keys, calls, truth, log and event services', () => {
    const names = new Set(scenario.services.map((service) => service.name));
    expect(scenario.services.flatMap((service) => service.metrics.map((metric) => metric.key))).toEqual(table.keys);
    expect(scenario.calls.flat().every((name) => names.has(name))).toBe(true);
    expect([...logs, ...events].every((line) => names.has(line.service))).toBe(true);
    expect(scenario.truth).toEqual({
      rootCause: [fault.service],
      metric: expect.stringMatching(new RegExp(`^${fault.service}\\.`)),
      remediation: 'rollback',
    });
    expect(table.keys).toContain(scenario.truth.metric);
    expect(table.keys).toContain(scenario.incident.metric);
    for (const lines of [logs, events]) {
      expect(lines.every((line, index) => index === 0 || line.time >= (lines[index - 1]?.time ?? ''))).toBe(true);
    }
  });

  it('has request counts that add up along the calls', () => {
    for (const service of SHOP.services.filter((item) => item.ecs !== undefined && item.name !== SHOP.entry)) {
      const expected = SHOP.calls
        .filter((call) => call.to === service.name)
        .reduce((sum, call) => sum + call.ratio * median(usual(`${call.from}.requests`)), 0);
      expect(median(usual(`${service.name}.requests`)) / expected, service.name).toBeGreaterThan(0.95);
      expect(median(usual(`${service.name}.requests`)) / expected, service.name).toBeLessThan(1.05);
    }
  });

  it('has callers that take at least as long as their share of what they call', () => {
    const inMs = (key: string, values: readonly (number | undefined)[]) =>
      median(values) *
      (scenario.services.flatMap((s) => s.metrics).find((m) => m.key === key)?.unit === 'Seconds' ? 1_000 : 1);
    for (const call of SHOP.calls.filter((item) => item.to !== 'cart-cache')) {
      const [from, to] = [`${call.from}.latency`, `${call.to}.latency`];
      for (const window of [usual, during]) {
        const part = call.weight * Math.min(call.timeoutMs, inMs(to, window(to)));
        expect(inMs(from, window(from)), `${from} over ${to}`).toBeGreaterThan(0.95 * part);
      }
    }
  });

  it('shows the fault and the alarm far outside their usual range', () => {
    for (const key of [scenario.truth.metric, scenario.incident.metric]) {
      expect(median(during(key)), key).toBeGreaterThan(1.5 * quantile(present(usual(key)), 0.99));
    }
    expect(excess(usual(scenario.incident.metric), table.column(scenario.incident.metric).slice(-15))).toBeGreaterThan(
      10,
    );
  });

  it('has noise that is loud, and never louder than the fault', () => {
    const upstream = new Set([fault.service]);
    for (let grown = true; grown; ) {
      const callers = SHOP.calls.filter((call) => upstream.has(call.to) && !upstream.has(call.from));
      for (const call of callers) upstream.add(call.from);
      grown = callers.length > 0;
    }
    const truth = excess(usual(scenario.truth.metric), during(scenario.truth.metric));
    for (const key of table.keys.filter((item) => !upstream.has(item.split('.')[0] ?? ''))) {
      expect(excess(usual(key), during(key)), key).toBeLessThan(truth / 4);
    }
    expect(quantile(present(usual('search.cpu')), 0.99)).toBeGreaterThan(1.5 * median(usual('search.cpu')));
    const decoys = events.filter((event) => event.kind === 'deployment' && event.service !== fault.service);
    expect(decoys.some((event) => Date.parse(spec.incident.startedAt) - Date.parse(event.time) < 3_600_000)).toBe(true);
  });

  it('has lines that only the faulty revision writes, and one it no longer writes', () => {
    const deployed = events.find((event) => event.kind === 'deployment' && event.service === fault.service)?.time ?? '';
    const shapes = (from: string, to: string) =>
      new Set(
        logs
          .filter((line) => line.service === fault.service && line.time >= from && line.time < to)
          .map((line) => line.message.split(/[\d=]/)[0]),
      );
    // A few minutes pass until no task of the old revision is left.
    const settled = new Date(Date.parse(deployed) + 6 * 60_000).toISOString();
    const [before, after] = [shapes('', deployed), shapes(settled, '9')];
    expect([...after].filter((shape) => !before.has(shape)).length).toBeGreaterThanOrEqual(2);
    expect([...before].filter((shape) => !after.has(shape)).length).toBeGreaterThanOrEqual(1);
  });

  it('names no account and no person', () => {
    const text = readdirSync(folder)
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('\n');
    expect(text.match(/arn:aws:[a-z]+:[a-z0-9-]*:(?!\{account\})/g)).toBeNull();
    const addresses = new Set(text.match(/[\w.+-]+@[\w.-]+/g));
    expect([...addresses].filter((address) => !/^user-\d+@example\.com$/.test(address))).toEqual([]);
  });

  it('has the task definitions a rollback needs', () => {
    const definitions = ecs.taskDefinitions.filter((item) => item.family === fault.service);
    const [previous, current] = definitions;
    expect(definitions).toHaveLength(2);
    expect(current?.status).toBe('ACTIVE');
    expect(previous?.status).toBe(spec.previousDeregistered ? 'INACTIVE' : 'ACTIVE');
    expect(previous?.containerDefinitions[0]?.image).not.toBe(current?.containerDefinitions[0]?.image);
    const service = ecs.services.find((item) => item.serviceName === fault.service);
    expect(service?.taskDefinition).toBe(current?.taskDefinitionArn);
    expect(service?.deployments[0]?.createdAt).toBe(
      new Date(Date.parse(spec.incident.startedAt) + fault.deployedAt * 60_000).toISOString(),
    );
    const roles = ecs.taskDefinitions.filter((item) => 'taskRoleArn' in item || 'executionRoleArn' in item);
    expect(roles).toHaveLength(spec.taskRoles ? ecs.taskDefinitions.length : 0);
  });

  it('stops tasks in the last hour exactly where memory leaks', () => {
    const start = Date.parse(spec.incident.startedAt);
    const stopped = events.filter((event) => event.kind === 'task-stopped' && Date.parse(event.time) < start);
    expect(stopped.every((event) => event.service === fault.service)).toBe(true);
    expect(stopped.length >= 2).toBe(fault.family === 'memory-leak');
    expect(stopped.every((event) => start - Date.parse(event.time) < 3_600_000)).toBe(true);
  });
});
