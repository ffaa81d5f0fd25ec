import type { ControlDefinition } from '#main/compliance/controls/control-definition.ts';
import type { ControlEvaluation, Evaluation } from '#main/compliance/evaluation/evaluation.ts';
import type { EvidenceTest } from '#main/compliance/evaluation/evidence-test.ts';
import type { MachineInput } from '#main/compliance/machine/machine-input.ts';
import type { RegisterEntry } from '#main/compliance/register/register-state.ts';
import type { ControlStatus } from '#shared/model/control.ts';
import { FRAMEWORKS } from '#shared/model/control.ts';

const HEX = 'ab'.repeat(32);

const TEST: EvidenceTest = {
  actions: ['tenant.backup_verified'],
  occurrenceRule: 'Each backup that was restored.',
  deviationRule: 'A backup that could not be restored.',
  begin: () => ({}),
  take: () => {},
};

export function sampleDefinition(id: string, more: Partial<ControlDefinition> = {}): ControlDefinition {
  return {
    id,
    name: `Control ${id}`,
    kind: 'technical',
    objective: `What ${id} is there for.`,
    frequency: 'weekly',
    effort: 'M',
    remedy: `Do what ${id} asks for.`,
    criteria: [
      { framework: 'soc2', id: 'A1.2', why: 'Backups are kept.' },
      { framework: 'gdpr', id: '32', why: 'Data can be restored.' },
    ],
    test: TEST,
    needsOccurrence: true,
    selfCheck: true,
    ...more,
  };
}

export function sampleFound(
  control: string,
  status: ControlStatus,
  more: Partial<ControlEvaluation> = {},
): ControlEvaluation {
  return {
    control,
    frequency: 'weekly',
    status,
    reasons: [`The status is ${status}.`],
    population: { count: 3, root: HEX, seqs: '4,9,12' },
    periods: [
      { from: '2026-01-01T00:00:00.000Z', to: '2026-01-08T00:00:00.000Z', count: 3, state: 'met' },
      { from: '2026-01-08T00:00:00.000Z', to: '2026-01-15T00:00:00.000Z', count: 0, state: 'missed' },
    ],
    expected: 2,
    actual: 1,
    last: { seq: 12, time: '2026-01-07T10:00:00.000Z' },
    cadenceChanges: [],
    sample: [],
    exceptions: [],
    hidden: 0,
    ...more,
  };
}

export function sampleEntry(more: Partial<RegisterEntry> = {}): RegisterEntry {
  return {
    owner: null,
    frequency: null,
    due: null,
    notApplicable: null,
    check: null,
    performed: [],
    status: null,
    history: [],
    ...more,
  };
}

/** An evaluation of a plainly made-up chain with these controls. */
export function sampleInput(
  controls: readonly { readonly found: ControlEvaluation; readonly definition?: ControlDefinition }[],
  more: { readonly evaluation?: Partial<Evaluation>; readonly input?: Partial<MachineInput> } = {},
): MachineInput {
  const evaluation: Evaluation = {
    chain: 'chain-of-the-test',
    tenant: 'tenant-of-the-test',
    range: { first: 1, last: 40 },
    head: { hash: HEX, time: '2026-04-02T08:30:00.000Z' },
    begins: '2025-12-30T00:00:00.000Z',
    checkpoint: { size: 32, root: 'cm9vdA==', at: '2026-03-30T00:00:00.000Z' },
    integrity: { state: 'holds', checked: 40, problems: [], problemCount: 0, acknowledged: [] },
    timeProblems: { count: 0, seqs: [] },
    records: 40,
    inScope: 12,
    excluded: [
      { reason: 'before the window', count: 3 },
      { reason: 'of no action these criteria rest on', count: 25 },
    ],
    root: HEX,
    seqs: '4-15',
    seed: null,
    controls: controls.map(({ found }) => found),
    actions: { 'tenant.backup_verified': { window: 3, all: 3, lastSeq: 12 } },
    register: {
      controls: {},
      campaigns: [],
      plan: null,
      sampleProfile: null,
      notes: [],
      bundles: [],
      reports: [],
    },
    collected: { origin: { synthetic: false } },
    ...more.evaluation,
  };
  return {
    evaluation,
    window: { from: '2026-01-01T00:00:00.000Z', to: '2026-04-01T00:00:00.000Z' },
    controls: controls.map(({ found, definition }) => definition ?? sampleDefinition(found.control)),
    frameworks: FRAMEWORKS,
    made: {
      at: '2026-04-02T09:00:00.000Z',
      by: 'u-0001',
      device: 'd-0001',
      build: { name: 'Causeway', version: '0.1.0' },
    },
    ...more.input,
  };
}
