import { describe, expect, it } from 'vitest';
import type { ControlEvaluation } from '#main/compliance/evaluation/evaluation.ts';
import { MACHINE_FILES, machineFile, machineFiles } from '#main/compliance/machine/machine-files.ts';
import type { MachineInput } from '#main/compliance/machine/machine-input.ts';
import { at, type Json, statuses, valid } from '../../../support/oscal-documents.ts';

describe('files', () => {
  it('can be made one at a time', () => {
    const input = statuses('in-place', 'gap');
    const all = machineFiles(input);
    expect(all.map(({ name }) => name)).toEqual([...MACHINE_FILES]);
    for (const file of all) expect(machineFile(input, file.name)?.bytes.equals(file.bytes)).toBe(true);
    expect(machineFile(statuses('in-place'), 'action-plan.oscal.json')).toBeNull();
  });

  it('are the same bytes each time, whatever order members were made in', () => {
    const input = statuses('in-place', 'gap');
    const again: ControlEvaluation[] = input.evaluation.controls.map(
      (found) => Object.fromEntries(Object.entries(found).reverse()) as unknown as ControlEvaluation,
    );
    const one = machineFiles(input);
    const other = machineFiles({ ...input, evaluation: { ...input.evaluation, controls: again } });
    expect(other.map(({ bytes }) => bytes.toString('hex'))).toEqual(one.map(({ bytes }) => bytes.toString('hex')));
    for (const { bytes } of one) expect(bytes.at(-1)).toBe(0x0a);
  });

  it('carry the plan along that the results refer to', () => {
    const input = statuses('in-place');
    const [plan] = machineFiles(input);
    const results = valid(input)['assessment-results'];
    const resource = at<Json>(results, 'back-matter', 'resources', 1);
    expect(at(results, 'import-ap', 'href')).toBe(`#${resource.uuid}`);
    const carried = Buffer.from(at<string>(resource, 'base64', 'value'), 'base64');
    expect(carried.toString('utf8')).toBe(plan?.bytes.toString('utf8'));
  });

  it('are named differently for another window, and the same for the same', () => {
    const input = statuses('in-place');
    const uuid = (given: MachineInput): unknown => valid(given)['assessment-results']?.uuid;
    expect(uuid(input)).toBe(uuid(statuses('gap')));
    expect(uuid({ ...input, window: { ...input.window, to: '2026-03-01T00:00:00.000Z' } })).not.toBe(uuid(input));
    expect(uuid({ ...input, evaluation: { ...input.evaluation, chain: 'another' } })).not.toBe(uuid(input));
  });
});
