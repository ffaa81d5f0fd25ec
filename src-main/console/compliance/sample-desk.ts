import { controlOf } from '#main/compliance/controls/controls.ts';
import { evaluate } from '#main/compliance/evaluation/evaluate.ts';
import { profileOf } from '#main/compliance/register/views.ts';
import { collected } from '#main/compliance/reports/collectors.ts';
import { planReport } from '#main/compliance/reports/plan-report.ts';
import type { Principal } from '#main/identity/principal.ts';
import { wallClock } from '#main/platform/clock.ts';
import { systemRandom } from '#main/platform/random.ts';
import { CausewayError } from '#shared/errors.ts';
import type { SampleSheet } from '#shared/ipc/compliance-views.ts';
import type { ReportRequest } from '#shared/model/report.ts';
import type { ClosingGate } from '../closing-gate.ts';
import type { Parts } from '../parts.ts';
import { saveFile } from '../save-file.ts';
import type { SampleDesk } from './compliance-desk.ts';
import type { ComplianceRoom } from './compliance-room.ts';
import { namedBy } from './named-by.ts';
import { recordDraw } from './record-draw.ts';
import { worksheetOf } from './worksheet.ts';

/** Samples drawn for auditors, as one person asks for them. */
export function createSampleDesk(
  { audit, config, rooms }: Parts,
  gate: ClosingGate,
  room: ComplianceRoom,
): (by: Principal) => SampleDesk {
  const { store } = rooms;
  const clock = config.clock ?? wallClock;
  /** The one drawn last, and in whose session: desks are made anew with each call. */
  let running: AbortController | null = null;
  let drawn: { readonly session: string; readonly sheet: SampleSheet } | null = null;
  return (by) => {
    const profile = () => profileOf(room.register.state());
    return {
      profile,
      setProfile: async (chosen) => {
        await room.counted();
        await room.register.setProfile(namedBy(by), chosen);
        await room.counted();
        room.changed();
        return profile();
      },
      draw: async ({ window, number, profile: chosen, criteria }, watched = {}) => {
        const request: ReportRequest = {
          kind: 'soc2-type2',
          window,
          zone: 'UTC',
          ...(criteria === undefined ? {} : { criteria: [...criteria] }),
          sample: { number, profile: chosen },
          disclose: false,
        };
        const head = store.head();
        const plan = planReport(request, { last: head.seq, now: clock.now() });
        running?.abort(); // one at a time: the one asked for last
        const own = new AbortController();
        running = own;
        const signal = AbortSignal.any([
          own.signal,
          gate.closing,
          ...(watched.signal === undefined ? [] : [watched.signal]),
        ]);
        const evaluation = await evaluate({ kind: 'store', address: store.reader() }, plan, {
          ...watched,
          signal,
        }).finally(() => {
          if (running === own) running = null;
        });
        const { seed } = evaluation;
        if (seed === null) throw new TypeError('a sample was asked for and none was drawn');
        const rows = evaluation.controls.flatMap(({ control, sample }) =>
          sample.map((seq, index) => rowOf(control, seq, index + 1, store.get(seq))),
        );
        const sheet: SampleSheet = {
          asOf: { seq: evaluation.range.last, hash: evaluation.head.hash, time: evaluation.head.time },
          ...(collected(evaluation, 'origin').synthetic ? { synthetic: true } : {}),
          window,
          sample: {
            seed,
            number,
            profile: chosen,
            drawn: evaluation.controls.map(({ control, population, sample, frequency }) => ({
              control,
              population: population.count,
              root: population.root,
              asked: chosen.sizes[frequency],
              seqs: [...sample],
            })),
          },
          rows,
        };
        await recordDraw(audit, by, { request, seed, range: evaluation.range });
        drawn = { session: by.session, sheet };
        return sheet;
      },
      cancel: () => running?.abort(),
      saveWorksheet: async (file) => {
        if (drawn?.session !== by.session) {
          throw new CausewayError('not-found', 'No sample was drawn yet. Draw one, then save its worksheet.');
        }
        return saveFile(file, Buffer.from(worksheetOf(drawn.sheet), 'utf8'), config.random ?? systemRandom);
      },
    };
  };
}

function rowOf(
  control: string,
  seq: number,
  order: number,
  stored: ReturnType<Parts['rooms']['store']['get']>,
): SampleSheet['rows'][number] {
  if (stored === null) throw new CausewayError('audit-broken', `Record ${seq} was drawn and is not there any more.`);
  const { time, action, outcome, actor, target } = stored.record;
  return {
    control,
    name: controlOf(control)?.name ?? control,
    order,
    seq,
    time,
    action,
    outcome,
    actor: `${actor.type}:${actor.id}`,
    target: `${target.type}:${target.id}`.slice(0, 1024),
    hash: stored.hash,
  };
}
