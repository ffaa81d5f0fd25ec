import { expect } from 'vitest';
import { type MachineFile, machineFiles } from '#main/compliance/machine/machine-files.ts';
import type { MachineInput } from '#main/compliance/machine/machine-input.ts';
import type { ControlStatus } from '#shared/model/control.ts';
import { sampleFound, sampleInput } from './machine-sample.ts';
import { type OscalModel, oscalErrors } from './oscal-schema.ts';

export type Json = Record<string, unknown>;

const MODELS: Readonly<Record<string, OscalModel>> = {
  'assessment-plan.oscal.json': 'assessment-plan',
  'assessment-results.oscal.json': 'assessment-results',
  'component-definition.oscal.json': 'component-definition',
  'action-plan.oscal.json': 'plan-of-action-and-milestones',
};

/** Controls `AC-01`, … of these statuses. */
export const statuses = (...given: readonly ControlStatus[]): MachineInput =>
  sampleInput(given.map((status, at) => ({ found: sampleFound(`AC-0${at + 1}`, status) })));

/** Every document of the input by its model, each of them valid. */
export function valid(input: MachineInput): Readonly<Partial<Record<OscalModel, Json>>> {
  const documents: Partial<Record<OscalModel, Json>> = {};
  for (const file of machineFiles(input)) {
    const model = MODELS[file.name];
    if (model === undefined) continue;
    const document = parse(file);
    expect(oscalErrors(model, document), file.name).toEqual([]);
    documents[model] = document[model] as Json;
  }
  return documents;
}

export const parse = ({ bytes }: MachineFile): Json => JSON.parse(bytes.toString('utf8')) as Json;

export function resultOf(input: MachineInput): Json {
  return at(valid(input), 'assessment-results', 'results', 0);
}

/** What stands at a path. @throws when nothing does */
export function at<T = unknown>(value: unknown, ...path: readonly (string | number)[]): T {
  let here = value;
  for (const step of path) {
    here = (here as Json | undefined)?.[step];
    if (here === undefined) throw new Error(`nothing at ${path.join('/')}`);
  }
  return here as T;
}

/** All values in a document, with the names they are under. */
export function* walk(value: unknown, name = ''): Generator<readonly [name: string, value: unknown]> {
  yield [name, value];
  if (Array.isArray(value)) for (const item of value) yield* walk(item, name);
  else if (typeof value === 'object' && value !== null) {
    for (const [member, inner] of Object.entries(value)) yield* walk(inner, member);
  }
}
