import { describe, expect, it } from 'vitest';
import { CONTROLS } from '#main/compliance/controls/controls.ts';
import { type MachineFile, machineFiles } from '#main/compliance/machine/machine-files.ts';
import { CausewayError } from '#shared/errors.ts';
import type { ReportException } from '#shared/model/report.ts';
import { SYNTHETIC_CHAIN } from '#shared/model/synthetic.ts';
import { sampleDefinition, sampleEntry, sampleFound, sampleInput } from '../../../support/machine-sample.ts';
import { at, type Json, parse, resultOf, statuses, valid, walk } from '../../../support/oscal-documents.ts';
import { oscalErrors } from '../../../support/oscal-schema.ts';

const EXCEPTION: ReportException = {
  id: 'AC-02:missed-period:2026-01-08T00:00:00.000Z',
  control: 'AC-02',
  kind: 'missed-period',
  text: 'No backup between two days.',
  seq: null,
  time: '2026-01-15T00:00:00.000Z',
  state: 'open',
  fixedBy: null,
};

describe('the schema used here', () => {
  it('refuses what OSCAL refuses', () => {
    const [plan, results] = machineFiles(statuses('in-place'));
    expect(plan && oscalErrors('assessment-results', parse(plan))).not.toEqual([]);
    const document = parse(results as MachineFile);
    const finding = () => at<Json>(document, 'assessment-results', 'results', 0, 'findings', 0);
    const target = finding().target as Json;
    target.status = { state: 'partial' };
    expect(oscalErrors('assessment-results', document).join('\n')).toContain('allowed values');
    target.status = { state: 'satisfied' };
    expect(oscalErrors('assessment-results', document)).toEqual([]);
    finding().title = 'two\nlines';
    expect(oscalErrors('assessment-results', document).join('\n')).toContain('pattern');
    finding().title = 'one line';
    finding().props = [{ name: 'not a token', value: 'x' }];
    expect(oscalErrors('assessment-results', document).join('\n')).toContain('pattern');
    finding().props = [];
    expect(oscalErrors('assessment-results', document).join('\n')).toContain('fewer than 1');
  });
});

describe('OSCAL documents', () => {
  it('are four, valid, and state their version', () => {
    const documents = valid(statuses('in-place', 'partial', 'gap', 'not-applicable'));
    expect(Object.keys(documents)).toHaveLength(4);
    for (const document of Object.values(documents)) {
      expect((document.metadata as Json)['oscal-version']).toBe('1.2.1');
    }
  });

  it('say of a chain that is made up that it is, and nothing of others', () => {
    const input = statuses('in-place', 'partial', 'gap', 'not-applicable');
    const madeUp = { ...input, evaluation: { ...input.evaluation, collected: { origin: { synthetic: true } } } };
    const of = (documents: Readonly<Record<string, Json>>) =>
      Object.values(documents).map(({ metadata }) => metadata as { title: string; remarks: string; props: Json[] });
    const marked = of(valid(madeUp));
    expect(marked).toHaveLength(4);
    for (const { title, remarks, props } of marked) {
      expect(title).toMatch(/^Made-up example: /);
      expect(remarks.startsWith(SYNTHETIC_CHAIN)).toBe(true);
      expect(props[0]).toMatchObject({ name: 'synthetic', ns: 'urn:causeway:oscal', value: 'true' });
    }
    for (const metadata of of(valid(input))) expect(JSON.stringify(metadata)).not.toMatch(/made up|made-up|synthetic/i);
  });

  it('are valid for the whole register', () => {
    const all = ['in-place', 'partial', 'gap', 'not-applicable'] as const;
    const input = sampleInput(
      CONTROLS.map((definition, index) => ({
        definition,
        found: sampleFound(definition.id, all[index % all.length] ?? 'gap'),
      })),
    );
    const documents = valid(input);
    expect(documents['component-definition']?.components).toHaveLength(CONTROLS.length);
  });

  it('say satisfied only of what is in place, and put partial into the implementation status', () => {
    const { findings, risks } = resultOf(statuses('in-place', 'partial', 'gap', 'not-applicable'));
    const told = (findings as Json[]).map((finding) => {
      const target = finding.target as { status: Json; 'implementation-status': Json; 'target-id': string };
      return [target['target-id'], target.status.state, target['implementation-status'].state];
    });
    expect(told).toEqual([
      ['AC-01_obj', 'satisfied', 'implemented'],
      ['AC-02_obj', 'not-satisfied', 'partial'],
      ['AC-03_obj', 'not-satisfied', 'planned'],
    ]);
    expect(risks).toHaveLength(2);
  });

  it('leave a control that does not apply out of what was reviewed, and say where that was said', () => {
    const found = sampleFound('AC-01', 'not-applicable', { reasons: ['There are no premises.'] });
    const input = sampleInput([{ found }], {
      evaluation: {
        register: {
          ...statuses('gap').evaluation.register,
          controls: {
            'AC-01': sampleEntry({
              notApplicable: {
                justification: { sealed: 'x'.repeat(43), seq: 17, path: '/data/change/note' },
                by: 'u-0002',
                time: '2026-02-01T00:00:00.000Z',
              },
            }),
          },
        },
      },
    });
    const result = resultOf(input);
    expect(result.findings).toBeUndefined();
    expect(result.risks).toBeUndefined();
    const selection = ((result['reviewed-controls'] as Json)['control-selections'] as Json[])[0] as Json;
    expect(selection['exclude-controls']).toEqual([{ 'control-id': 'AC-01' }]);
    const props = (result.observations as { props: { name: string; value: string }[] }[])[1]?.props;
    expect(props?.map(({ name, value }) => `${name} ${value}`)).toEqual([
      'said-by u-0002',
      'said-at 2026-02-01T00:00:00.000Z',
      'justification-record 17',
      `justification-commitment ${'x'.repeat(43)}`,
    ]);
    expect(valid(input)['plan-of-action-and-milestones']).toBeUndefined();
  });

  it('make no plan of action when there is no gap', () => {
    const documents = valid(statuses('in-place', 'not-applicable'));
    expect(Object.keys(documents)).toEqual(['assessment-plan', 'assessment-results', 'component-definition']);
    expect(resultOf(statuses('in-place')).risks).toBeUndefined();
  });

  it('refuse an evaluation of no control', () => {
    expect(() => machineFiles(sampleInput([]))).toThrow(CausewayError);
  });

  it('list every exception, also those already put right', () => {
    const fixed = { ...EXCEPTION, id: 'AC-02:late:7', kind: 'late', seq: 7, state: 'fixed', fixedBy: 9 } as const;
    const found = sampleFound('AC-02', 'partial', { exceptions: [EXCEPTION, fixed] });
    const documents = valid(sampleInput([{ found }]));
    const result = at<Json>(documents, 'assessment-results', 'results', 0);
    for (const holder of [result, documents['plan-of-action-and-milestones'] as Json]) {
      const props = (holder.observations as { props?: { name: string; value: string }[] }[]).flatMap(
        (one) => one.props ?? [],
      );
      expect(props.filter(({ name }) => name === 'exception-state').map(({ value }) => value)).toEqual([
        'open',
        'fixed',
      ]);
      expect(props.find(({ name }) => name === 'fixed-by-record')?.value).toBe('9');
      const [finding] = holder.findings as { 'related-observations': unknown[] }[];
      expect(finding?.['related-observations']).toHaveLength(3);
    }
  });

  it('give a gap its remedy, its effort, its owner and its day', () => {
    const base = statuses('gap');
    const register = {
      ...base.evaluation.register,
      controls: { 'AC-01': sampleEntry({ owner: 'u-0003', due: '2026-05-01T00:00:00.000Z' }) },
    };
    const planned = at(
      valid({ ...base, evaluation: { ...base.evaluation, register } }),
      'plan-of-action-and-milestones',
    );
    const risk = at<{ deadline: string; remediations: { lifecycle: string; tasks: unknown[] }[] }>(planned, 'risks', 0);
    expect(risk.deadline).toBe('2026-05-01T00:00:00.000Z');
    expect(risk.remediations[0]?.lifecycle).toBe('planned');
    expect(risk.remediations[0]?.tasks).toHaveLength(1);
    const item = at<{ description: string; props: { name: string; value: string }[] }>(planned, 'poam-items', 0);
    expect(item.description).toContain('Do what AC-01 asks for.');
    expect(item.props.slice(0, 5).map(({ name, value }) => `${name} ${value}`)).toEqual([
      'status gap',
      'effort M',
      'track technical',
      'owner u-0003',
      'due 2026-05-01T00:00:00.000Z',
    ]);
    const lifecycle = at(valid(base), 'plan-of-action-and-milestones', 'risks', 0, 'remediations', 0, 'lifecycle');
    expect(lifecycle).toBe('recommendation');
  });

  it('say on top that a chain does not hold together', () => {
    const result = resultOf(
      sampleInput([{ found: sampleFound('AC-01', 'in-place') }], {
        evaluation: {
          integrity: {
            state: 'broken',
            checked: 40,
            problems: [{ seq: 7, text: 'its hash is another than the next record says' }],
            problemCount: 1,
            acknowledged: [{ seq: 30, time: '2026-03-01T00:00:00.000Z' }],
          },
        },
      }),
    );
    expect(result.title).toBe('Records 1 to 40: the chain does not hold together');
    expect((result.risks as Json[])[0]?.title).toBe('The chain does not hold together');
    expect((result.observations as Json[])[0]?.description).toContain('Record 7: its hash');
    const [finding] = result.findings as { target: { status: { state: string } }; description: string }[];
    expect(finding?.target.status.state).toBe('not-satisfied');
    expect(finding?.description).toContain('The history it is counted from does not verify');
  });

  it('stay valid with hostile and long texts', () => {
    const hostile = 'a\r\nb\u0000 [x](javascript:alert(1)) <script> **b** \u202egnp.exe \ud800 &lt; {{ insert: x }}';
    const exceptions = [{ ...EXCEPTION, text: `${hostile}\n\n# head\n1. item\n    code\n${'long '.repeat(4000)}` }];
    const definition = sampleDefinition('AC-02', {
      name: `${hostile} ${'x'.repeat(900)}`,
      objective: hostile,
      remedy: '',
    });
    const found = sampleFound('AC-02', 'gap', { reasons: [hostile, ' ', '- y'], exceptions });
    const documents = valid(sampleInput([{ found, definition }]));
    const poam = documents['plan-of-action-and-milestones'] as Json;
    const [item] = poam['poam-items'] as { title: string; description: string }[];
    expect(item?.title).not.toContain('\n');
    expect(item?.title.length).toBeLessThan(1200);
    expect(item?.title).toContain('\\[x\\](javascript:alert(1)) \\<script> \\*\\*b\\*\\*');
    expect(item?.description).toContain('- (empty)\n- \\- y');
    for (const [, value] of walk(documents)) {
      if (typeof value !== 'string') continue;
      expect(value.isWellFormed()).toBe(true);
      expect(value).not.toMatch(/[\u202a-\u202e]/);
      expect(value.includes('\u0000')).toBe(false);
    }
    const exception = (poam.observations as { description: string }[])[1]?.description;
    expect(exception).toContain('\n\\# head\n1\\. item\ncode\n');
    expect(exception?.length).toBeGreaterThan(19_000);
  });

  it('refer to nothing that is not there, and name nothing twice', () => {
    const exceptions = [EXCEPTION];
    const input = sampleInput([
      { found: sampleFound('AC-01', 'in-place') },
      {
        found: sampleFound('AC-02', 'partial', { exceptions, sample: Array.from({ length: 120 }, (_, at) => at + 1) }),
      },
      { found: sampleFound('AC-03', 'gap') },
      { found: sampleFound('AC-04', 'not-applicable') },
    ]);
    for (const [model, document] of Object.entries(valid(input))) {
      const all = [...walk(document)];
      const own = all.flatMap(([name, value]) => (name === 'uuid' && typeof value === 'string' ? [value] : []));
      expect(new Set(own).size, model).toBe(own.length);
      for (const [name, value] of all) {
        if (typeof value !== 'string') continue;
        if (name.endsWith('-uuid')) expect(own, `${model} ${name}`).toContain(value);
        if ((name === 'href' || name === 'source') && value.startsWith('#')) expect(own).toContain(value.slice(1));
      }
    }
    const observations = resultOf(input).observations as { 'relevant-evidence': { props: Json[] }[] }[];
    const parts = observations[2]?.['relevant-evidence'][0]?.props.filter(({ name }) => name === 'sample');
    expect(parts?.map(({ value }) => String(value).split(',').length)).toEqual([50, 50, 20]);
  });

  it('name the criteria as controls of each framework', () => {
    const component = at<Json>(valid(statuses('partial')), 'component-definition', 'components', 0);
    const implementations = component['control-implementations'] as { 'implemented-requirements': Json[] }[];
    expect(implementations.map((one) => one['implemented-requirements'][0]?.['control-id'])).toEqual([
      'soc2_A1.2',
      'gdpr_32',
    ]);
    const only = sampleInput([{ found: sampleFound('AC-01', 'gap') }], { input: { frameworks: ['tisax'] } });
    const bare = at<Json>(valid(only), 'component-definition', 'components', 0);
    expect(bare['control-implementations']).toBeUndefined();
  });
});
