/**
 * `node src-main/cli/bench-rca/generate-cases.ts OUT [--seed N] [--count N]`: labelled cases for the benchmark, made with
 * the generator of the shipped scenarios. Service, strength, noise and time of day are drawn from the seed; a quarter of
 * the cases is healthy. The confidence is calibrated on one seed and reported on others (docs/accuracy.md).
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { generateScenario } from '#main/sandbox/generator/generate.ts';
import { createRandom, type Random } from '#main/sandbox/generator/random.ts';
import { SHIPPED_SCENARIOS } from '#main/sandbox/generator/shipped.ts';
import type { BackgroundSpec, FaultSpec, ScenarioSpec, TopologySpec } from '#main/sandbox/generator/spec.ts';

const DAYS = '3';
const FAMILIES = ['bad-deployment', 'memory-leak', 'cpu-hog', 'downstream-latency', 'healthy'] as const;

function pick<T>(random: Random, items: readonly T[]): T {
  const item = items[random.int(0, items.length - 1)];
  if (item === undefined) throw new RangeError('nothing to pick from');
  return item;
}

const between = (random: Random, low: number, high: number): number => low + (high - low) * random.next();

/** Services that call `service`, directly or not, and the service itself. */
function callersOf(topology: TopologySpec, service: string): readonly string[] {
  const found = new Set([service]);
  for (let before = 0; before !== found.size; ) {
    before = found.size;
    for (const { from, to } of topology.calls) if (found.has(to)) found.add(from);
  }
  return [...found].sort();
}

function drawFault(random: Random, topology: TopologySpec, family: (typeof FAMILIES)[number]): FaultSpec {
  const deployable = topology.services.filter((service) => service.ecs !== undefined).map(({ name }) => name);
  const any = topology.services.map(({ name }) => name);
  switch (family) {
    case 'bad-deployment': {
      const service = pick(random, deployable);
      const addedMs = between(random, 40, 1500);
      return { family, service, deployedAt: -random.int(2, 20), addedMs, errorRate: between(random, 0.01, 0.4) };
    }
    case 'memory-leak': {
      const hoursToFull = random.int(3, 10);
      const deployedAt = -Math.round(hoursToFull * 60 + random.int(0, 30));
      return { family, service: pick(random, deployable), deployedAt, hoursToFull, slowdown: between(random, 3, 12) };
    }
    case 'cpu-hog':
    case 'downstream-latency': {
      const [service, startsAt] = [pick(random, any), -random.int(0, 6)];
      if (family === 'downstream-latency') return { family, service, startsAt, slowdown: between(random, 2, 12) };
      return { family, service, startsAt, cpu: between(random, 25, 60), slowdown: between(random, 1.5, 5) };
    }
    case 'healthy':
      return { family };
  }
}

function drawBackground(random: Random, topology: TopologySpec, usual: readonly BackgroundSpec[]): BackgroundSpec[] {
  const deployable = topology.services.filter((service) => service.ecs !== undefined).map(({ name }) => name);
  const bursts = {
    kind: 'bursts',
    service: pick(random, deployable),
    perDay: random.int(2, 6),
    minutes: random.int(8, 20),
    cpu: between(random, 15, 40),
    slowdown: between(random, 1.1, 1.6),
    also: -random.int(2, 20),
  } as const;
  const deployment = { kind: 'deployment', service: pick(random, deployable), at: -random.int(5, 120) } as const;
  return [...usual.filter(({ kind }) => kind === 'daily' || kind === 'schedule'), bursts, deployment];
}

/** One case: all of it follows from `seed` and `index`. */
function drawCase(seed: number, index: number): ScenarioSpec {
  const [example] = SHIPPED_SCENARIOS;
  if (example === undefined) throw new RangeError('there is no shipped scenario to vary');
  const random = createRandom(seed * 10_000 + index);
  const { topology } = example;
  const family = FAMILIES[index % FAMILIES.length] ?? 'healthy';
  const fault = drawFault(random, topology, family);
  const watched = ['frontend', 'api-gateway', 'checkout'];
  const callers = fault.family === 'healthy' ? watched : callersOf(topology, fault.service);
  const service = pick(
    random,
    watched.filter((name) => callers.includes(name)),
  );
  const clock = new Date(Date.UTC(2026, 0, 15) + random.int(0, 24 * 60 - 1) * 60_000);
  // A background deployment of the faulty service itself would make the label ambiguous.
  const background = drawBackground(random, topology, example.background).filter(
    (item) => !(fault.family !== 'healthy' && item.kind === 'deployment' && item.service === fault.service),
  );
  const onErrors = fault.family === 'bad-deployment' && random.next() < 0.4;
  return {
    ...example,
    id: `${family}-${seed}-${index}`,
    title: `${family} (seed ${seed}, case ${index})`,
    seed: seed * 10_000 + index,
    fault,
    background,
    incident: {
      title: `Alarm of ${service}`,
      severity: 'high',
      service,
      metric: `${service}.${onErrors ? 'errors' : 'latency'}`,
      startedAt: clock.toISOString(),
    },
  };
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '40' },
    days: { type: 'string', default: DAYS },
  },
});
const out = positionals[0];
if (out === undefined) {
  console.error('usage: generate-cases.ts OUT [--seed N] [--count N] [--days N]');
  process.exitCode = 2;
} else {
  for (let index = 0; index < Number(values.count); index += 1) {
    const spec = drawCase(Number(values.seed), index);
    const folder = join(out, spec.id);
    mkdirSync(folder, { recursive: true });
    const options = { minutesBefore: Number(values.days) * 24 * 60, minutesAfter: 20 };
    for (const [name, content] of generateScenario(spec, options)) writeFileSync(join(folder, name), content);
  }
  console.log(`${values.count} scenarios in ${out}`);
}
