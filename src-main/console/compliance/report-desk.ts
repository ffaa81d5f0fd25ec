import { type MachineName, machineFile } from '#main/compliance/machine/machine-files.ts';
import { madeReportsOf } from '#main/compliance/register/views.ts';
import { preflight } from '#main/compliance/reports/preflight.ts';
import { actorOf, deviceOf, type Principal } from '#main/identity/principal.ts';
import { wallClock } from '#main/platform/clock.ts';
import { systemRandom } from '#main/platform/random.ts';
import { exportRequest } from '#main/policy/step-requests.ts';
import { CausewayError } from '#shared/errors.ts';
import type { MachineFormat } from '#shared/ipc/compliance-channels.ts';
import type { ReportRequest, SignedReport } from '#shared/model/report.ts';
import type { ClosingGate } from '../closing-gate.ts';
import type { Parts } from '../parts.ts';
import { makeBundle } from './bundle-desk.ts';
import type { ReportDesk, Watched } from './compliance-desk.ts';
import type { ComplianceRoom } from './compliance-room.ts';
import { computeMachineInput, computeReport, recordOf } from './compute-report.ts';
import { recordDraw } from './record-draw.ts';
import { bytesOf } from './report-bytes.ts';
import { saveOnRecord } from './save-on-record.ts';

/** By the format asked for, the name it is written under. */
const MACHINE_NAMES: Readonly<Record<MachineFormat, MachineName>> = {
  'oscal-assessment-results': 'assessment-results.oscal.json',
  'oscal-assessment-plan': 'assessment-plan.oscal.json',
  'oscal-component-definition': 'component-definition.oscal.json',
  'oscal-poam': 'action-plan.oscal.json',
  'ocsf-findings': 'findings.ocsf.jsonl',
};

/** Evidence reports, as one person asks for them. One is computed at a time. */
export function createReportDesk(parts: Parts, gate: ClosingGate, room: ComplianceRoom): (by: Principal) => ReportDesk {
  const { config, rooms, audit, identity } = parts;
  const { store } = rooms;
  const random = config.random ?? systemRandom;
  const clock = config.clock ?? wallClock;
  let running: AbortController | null = null;
  /** The one previewed last, and in whose session: desks are made anew with each call. */
  let previewed: { readonly session: string; readonly signed: SignedReport } | null = null;

  async function inTurn<T>({ signal, onProgress }: Watched, work: (watched: Watched) => Promise<T>): Promise<T> {
    if (running !== null) {
      const text = 'A report is being made. Wait for it or cancel it.';
      throw new CausewayError('conflict', text, { reason: 'reporting' });
    }
    const own = new AbortController();
    running = own;
    try {
      const any = AbortSignal.any([own.signal, gate.closing, ...(signal === undefined ? [] : [signal])]);
      return await work({ signal: any, onProgress });
    } finally {
      running = null;
    }
  }

  /** What leaves the console is asked of the guardrails, and their answer is on record. */
  const allow = async (by: Principal, format: string): Promise<void> => {
    await parts.guard(exportRequest(by, store.chain, format), { actor: actorOf(by), device: deviceOf(by) });
  };

  /** Clear texts are for those who may read the trail; a draw goes on record, so it is for those who make reports. */
  const mayMake = async (by: Principal, { disclose, sample }: ReportRequest): Promise<void> => {
    if (disclose) await parts.permissions.demand(by, 'trail.read');
    if (sample !== undefined) await parts.permissions.demand(by, 'reports.make');
  };

  return (by) => {
    const recording = { audit, by, random };
    return {
      preflight: (request) =>
        preflight(request, {
          snapshot: room.snapshot(),
          now: clock.now(),
          nameOf: (id) => identity.nameOf(id),
          standing: store.standing().state,
        }),
      unsound: () => room.unsound(),
      preview: (request, watched = {}) =>
        inTurn(watched, async (own) => {
          await mayMake(by, request);
          const signed = await computeReport(parts, by, request, own);
          const { sample, population } = signed.document;
          // a broken history cannot be written to, and its report says so on its first page
          if (sample !== null && store.refusal() === null) {
            await recordDraw(audit, by, { request, seed: sample.seed, range: population.range });
          }
          previewed = { session: by.session, signed };
          return signed;
        }),
      cancel: () => running?.abort(),
      save: (digest, format, file, print) =>
        gate.run(async () => {
          const shown = previewed;
          if (shown?.session !== by.session || shown.signed.digest !== digest) {
            const text = 'This is not the report that was previewed last. Preview it again, then save it.';
            throw new CausewayError('conflict', text, { reason: 'other-report' });
          }
          await allow(by, 'report');
          const bytes = await bytesOf(shown.signed, format, print);
          const saved = await saveOnRecord(recording, file, bytes, recordOf(shown.signed, format));
          room.changed();
          return saved;
        }),
      machine: ({ format, framework, window }, file, watched = {}) =>
        gate.run(() =>
          inTurn(watched, async (own) => {
            await allow(by, 'report');
            const input = await computeMachineInput(parts, by, { framework, window }, own);
            const made = machineFile(input, MACHINE_NAMES[format]);
            if (made === null) {
              const text = 'There is no gap and nothing partial, so there is no plan of action to write.';
              throw new CausewayError('not-found', text, { reason: 'no-gaps' });
            }
            const { first, last } = input.evaluation.range;
            const record = { framework, ...window, format, range: { first, last }, inScope: input.evaluation.inScope };
            const saved = await saveOnRecord(recording, file, made.bytes, record);
            room.changed();
            return saved;
          }),
        ),
      list: () => madeReportsOf(room.register.state(), (id) => identity.nameOf(id)),
      bundle: (asked, parent, { print, confirm, ...watched } = {}) =>
        gate.run(() =>
          inTurn(watched, async (own) => {
            // the whole chain goes with it
            await parts.permissions.demand(by, 'trail.export');
            for (const request of asked.reports) await mayMake(by, request);
            await allow(by, 'bundle');
            const made = await makeBundle({ parts, room, by }, asked, parent, { ...own, print, confirm });
            room.changed();
            return made;
          }),
        ),
    };
  };
}
