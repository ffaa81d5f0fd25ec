import path from 'node:path';
import type { ControlUpdate } from '#shared/ipc/compliance-channels.ts';
import { CADENCES, ControlId, FRAMEWORKS, FrameworkId, Frequency } from '#shared/model/control.ts';
import { type Io, plain } from '../io.ts';
import { presentControl, presentExceptions, presentOverview } from '../present-evidence.ts';
import { timeOf } from '../time-option.ts';
import { type Call, exactly, type Job, runVerbs, type Typed, type Verb } from '../verbs.ts';

const A_TIME = 'a time is written like 2026-03-01T12:00:00Z, a day like 2026-03-01';
const A_SENTENCE = 'is a sentence of at least 10 characters';
const SENTENCE = 10;

const VERBS: Readonly<Record<string, Verb>> = {
  overview: { access: 'compliance read', usage: '', prepare: ({ words }) => exactly(words, 0) && overview },
  control: {
    access: 'compliance read',
    usage: 'CONTROL',
    prepare: (typed) =>
      onControl(typed, async ({ console, say }, id) => {
        const detail = console.compliance.control(id);
        say(detail, presentControl(detail));
      }),
  },
  framework: {
    access: 'compliance read',
    usage: FRAMEWORKS.join('|'),
    prepare: ({ words }) => {
      const id = FrameworkId.safeParse(exactly(words, 1)?.[0]);
      return id.success ? (call) => framework(call, id.data) : null;
    },
  },
  exceptions: { access: 'compliance read', usage: '', prepare: ({ words }) => exactly(words, 0) && exceptions },
  plan: {
    access: 'compliance read',
    usage: '[--start TIME --weeks 8..12]',
    options: { start: { type: 'string' }, weeks: { type: 'string' } },
    prepare: ({ words, text }) => {
      if (exactly(words, 0) === null) return null;
      const start = timeOf(text('start'));
      const weeks = Number(text('weeks') ?? '12');
      if (start === null) return A_TIME;
      if (!Number.isInteger(weeks) || weeks < 8 || weeks > 12) return '--weeks is a number from 8 to 12';
      return (call) => plan(call, start === undefined ? null : { start, weeks });
    },
  },
  check: { access: 'compliance change', usage: '', prepare: ({ words }) => exactly(words, 0) && check },
  owner: update('CONTROL --person ID|none', { person: { type: 'string' } }, ({ text }) => {
    const person = text('person');
    return person === undefined ? null : { kind: 'owner', owner: person === 'none' ? null : person };
  }),
  cadence: update(`CONTROL --every ${CADENCES.join('|')}`, { every: { type: 'string' } }, ({ text }) => {
    const frequency = Frequency.safeParse(text('every'));
    return frequency.success ? { kind: 'cadence', frequency: frequency.data } : null;
  }),
  due: update('CONTROL --on TIME|none', { on: { type: 'string' } }, ({ text }) => {
    if (text('on') === 'none') return { kind: 'due', due: null };
    const due = timeOf(text('on'));
    return due === null ? A_TIME : due === undefined ? null : { kind: 'due', due };
  }),
  'not-applicable': update('CONTROL --justification TEXT', { justification: { type: 'string' } }, ({ text }) => {
    const justification = text('justification')?.trim() ?? '';
    return justification.length < SENTENCE
      ? `--justification ${A_SENTENCE}`
      : { kind: 'not-applicable', justification };
  }),
  applicable: update('CONTROL', {}, () => ({ kind: 'applicable' })),
  perform: {
    access: 'compliance change',
    usage: 'CONTROL --on TIME --note TEXT [--attach FILE]...',
    options: { on: { type: 'string' }, note: { type: 'string' }, attach: { type: 'string', multiple: true } },
    prepare: (typed) => {
      const on = timeOf(typed.text('on'));
      const note = typed.text('note')?.trim() ?? '';
      if (on === null || on === undefined) return `--on: ${A_TIME}`;
      if (note.length < SENTENCE) return `--note ${A_SENTENCE}`;
      if (typed.each('attach').includes('')) return '--attach names a file';
      const files = typed.each('attach').map((file) => path.resolve(file));
      return onControl(typed, async ({ console, say }, id) => {
        const detail = await console.compliance.perform(id, { on, note, files });
        say(detail, `On record, with ${files.length} attachments.\n${presentControl(detail)}`);
      });
    },
  },
};

/** `causeway compliance`: the control register, as evidence has it. */
export async function runCompliance(args: readonly string[], io: Io): Promise<number> {
  return runVerbs('compliance', VERBS, args, io);
}

function update(
  usage: string,
  options: NonNullable<Verb['options']>,
  read: (typed: Typed) => ControlUpdate | string | null,
): Verb {
  return {
    access: 'compliance change',
    usage,
    options,
    prepare: (typed) => {
      const asked = read(typed);
      if (asked === null || typeof asked === 'string') return asked;
      return onControl(typed, async ({ console, say }, id) => {
        const detail = await console.compliance.updateControl(id, asked);
        say(detail, `On record.\n${presentControl(detail)}`);
      });
    },
  };
}

function onControl({ words }: Typed, work: (call: Call, control: string) => Promise<void>): Job | string | null {
  const only = exactly(words, 1);
  if (only === null) return null;
  if (!ControlId.safeParse(only[0]).success) return 'a control is written like AC-01';
  return async (call) => {
    await call.console.compliance.counted();
    await work(call, only[0]);
    return 0;
  };
}

async function overview({ console, say }: Call): Promise<number> {
  await console.compliance.counted();
  const view = console.compliance.overview();
  say(view, presentOverview(view));
  return 0;
}

async function framework({ console, say }: Call, id: FrameworkId): Promise<number> {
  await console.compliance.counted();
  const view = console.compliance.framework(id);
  const rows = view.criteria.map(
    ({ id: criterion, state, name, controls }) =>
      `  ${criterion.padEnd(8)} ${state.padEnd(10)} ${plain(name)}${controls.length === 0 ? '' : ` (${controls.map((one) => one.id).join(', ')})`}\n`,
  );
  say(view, `${plain(view.framework.name)}\n${plain(view.source)}\n${plain(view.note)}\n${rows.join('')}`);
  return 0;
}

async function exceptions({ console, say }: Call): Promise<number> {
  await console.compliance.counted();
  const found = console.compliance.exceptions();
  say(found, presentExceptions(found));
  return 0;
}

async function check({ console, say }: Call): Promise<number> {
  await console.compliance.counted();
  const view = await console.compliance.checkNow();
  say(view, `The self-checks were run; what they found is on record.\n${presentOverview(view)}`);
  return 0;
}

async function plan(call: Call, wanted: { readonly start: string; readonly weeks: number } | null): Promise<number> {
  const { console, workspace, principal, say } = call;
  await console.compliance.counted();
  if (wanted !== null) await workspace.permissions.demand(principal, 'compliance.manage');
  const view = wanted === null ? console.compliance.readiness() : await console.compliance.setPlan(wanted);
  const tracks = view.tracks.map(
    ({ track, items }) =>
      `${track}\n${items.map(({ control, fromWeek, toWeek, effort, state, name }) => `  weeks ${fromWeek}-${toWeek}  ${effort}  ${state.padEnd(9)} ${control} ${plain(name)}\n`).join('')}`,
  );
  const findings = view.findings.map(({ text, remedy }) => `  ${plain(text)} ${plain(remedy)}\n`);
  say(
    view,
    `${view.done} of ${view.total} done; ${view.weeks} weeks from ${view.start.slice(0, 10)}${view.proposed ? ' (proposed)' : ''}\n${tracks.join('')}` +
      (findings.length === 0 ? '' : `What an auditor would send back or ask\n${findings.join('')}`),
  );
  return 0;
}
