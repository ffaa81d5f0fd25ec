import { describe, expect, it } from 'vitest';
import type { ControlEvaluation } from '#main/compliance/evaluation/evaluation.ts';
import { MACHINE_FILES, machineFile, machineFiles } from '#main/compliance/machine/machine-files.ts';
import type { MachineInput } from '#main/compliance/machine/machine-input.ts';
import { sampleFound, sampleInput } from '../../../support/machine-sample.ts';
import { at, type Json, statuses, valid, walk } from '../../../support/oscal-documents.ts';

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

  it('have other names whenever anything in them is another, and the same for the same', () => {
    const input = statuses('in-place', 'partial', 'gap');
    const { evaluation, made } = input;
    const variants: readonly MachineInput[] = [
      { ...input, window: { ...input.window, to: '2026-03-01T00:00:00.000Z' } },
      { ...input, frameworks: ['soc2'] },
      { ...input, evaluation: { ...evaluation, chain: 'another' } },
      { ...input, evaluation: { ...evaluation, range: { first: 1, last: 41 } } },
      statuses('partial', 'partial', 'gap'),
      { ...input, made: { ...made, at: '2026-04-03T09:00:00.000Z' } },
    ];
    const names = (given: MachineInput) => Object.values(valid(given)).map(({ uuid }) => uuid);
    expect(names(statuses('in-place', 'partial', 'gap'))).toEqual(names(input));
    const all = [input, ...variants].flatMap(names);
    expect(all).toHaveLength(28);
    expect(new Set(all).size).toBe(all.length);
  });

  it('say nothing different under one name: only things keep theirs', () => {
    const input = statuses('in-place', 'partial', 'gap');
    const said = (given: MachineInput): ReadonlyMap<unknown, string> =>
      new Map(
        [...walk(valid(given))].flatMap(([name, value]) =>
          ['results', 'observations', 'findings', 'risks', 'poam-items', 'tasks', 'resources'].includes(name) &&
          typeof value === 'object' &&
          value !== null &&
          'uuid' in value
            ? [[value.uuid, JSON.stringify(value)] as const]
            : [],
        ),
      );
    const [first, other, narrow] = [
      said(input),
      said({ ...input, window: { ...input.window, to: '2026-03-01T00:00:00.000Z' } }),
      said({ ...input, frameworks: ['soc2'] }),
    ];
    expect(first.size).toBeGreaterThan(10);
    for (const [uuid, text] of first) {
      for (const later of [other, narrow]) if (later.has(uuid)) expect(later.get(uuid)).toBe(text);
    }
    const finding = (given: MachineInput) =>
      at(valid(given), 'assessment-results', 'results', 0, 'findings', 0, 'uuid');
    expect(finding({ ...input, frameworks: ['soc2'] })).not.toBe(finding(input));
    const component = (given: MachineInput) => at(valid(given), 'component-definition', 'components', 0, 'uuid');
    expect(component({ ...input, frameworks: ['soc2'] })).toBe(component(input));
  });

  it('expect periods of a cadence, and nothing of what operates each time', () => {
    const found = sampleFound('AC-01', 'in-place');
    const each = { ...found, frequency: 'event', periods: [], expected: 238, actual: 238 } as const;
    const tell = (of: ControlEvaluation) => {
      const input = sampleInput([{ found: of }]);
      const observation = at<Json>(valid(input), 'assessment-results', 'results', 0, 'observations', 1);
      const names = (observation.props as { name: string }[]).map(({ name }) => name);
      const line = machineFile(input, 'findings.ocsf.jsonl')?.bytes.toString('utf8').trim() ?? '';
      return { text: observation.description, names, data: at(JSON.parse(line), 'evidences', 0, 'data') };
    };
    const counted = tell(found);
    expect(counted.text).toContain('in 1 of 2 periods of its cadence');
    expect(counted.names).toEqual(expect.arrayContaining(['periods-expected', 'periods-met', 'periods-missed']));
    expect(counted.data).toMatchObject({ periodsExpected: 2, periodsMet: 1 });
    const event = tell(each);
    expect(`${event.text} ${event.names.join()} ${JSON.stringify(event.data)}`).not.toMatch(/expected|periods|238/i);
  });
});
