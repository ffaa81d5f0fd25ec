import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { SHIPPED_SCENARIOS } from '#main/sandbox/generator/shipped.ts';
import { loadScenario } from '#main/sandbox/scenario/load-scenario.ts';

it.each(SHIPPED_SCENARIOS)("the sandbox's loader accepts $id", async (spec) => {
  const scenario = await loadScenario(
    fileURLToPath(new URL(`../../../resources/scenarios/${spec.id}`, import.meta.url)),
  );
  expect(scenario.effects).toEqual({ ...spec.effects, scale: 'none' });
  expect(scenario.metrics.times).toHaveLength(4_381);
  expect(scenario.ecs?.services).toHaveLength(10);
});
