import { readAttachment } from '#main/compliance/register/attachments.ts';
import { frameworkDetailOf } from '#main/compliance/register/framework-view.ts';
import { readinessOf } from '#main/compliance/register/plan.ts';
import { controlDetailOf, exceptionsOf, overviewOf } from '#main/compliance/register/views.ts';
import { actorOf, deviceOf, type Principal } from '#main/identity/principal.ts';
import { systemRandom } from '#main/platform/random.ts';
import { appendOrRefuse } from '#main/policy/audit-port.ts';
import { exportRequest } from '#main/policy/step-requests.ts';
import type { ClosingGate } from '../closing-gate.ts';
import type { Parts } from '../parts.ts';
import { saveFile } from '../save-file.ts';
import type { ComplianceDesk } from './compliance-desk.ts';
import type { ComplianceRoom } from './compliance-room.ts';
import { namedBy } from './named-by.ts';
import { createNotesDesk } from './notes-desk.ts';
import { createReportDesk } from './report-desk.ts';
import { createReviewDesk } from './review-desk.ts';
import { createSampleDesk } from './sample-desk.ts';
import { viewContext } from './view-context.ts';

/** Makes the desks: what counts and computes is there once, who asks is with each. */
export function createComplianceDesks(
  parts: Parts,
  gate: ClosingGate,
  room: ComplianceRoom,
): (by: Principal) => ComplianceDesk {
  const { register, attachments } = room;
  const random = parts.config.random ?? systemRandom;
  const contextOf = viewContext(parts, room);
  const reports = createReportDesk(parts, gate, room);
  const reviews = createReviewDesk(parts, gate, room);
  const samples = createSampleDesk(parts, gate, room);
  const notes = createNotesDesk(parts, gate, room);

  return (by) => {
    const context = () => contextOf(by);
    const overview = () => {
      const { counting, now, nameOf } = context();
      return overviewOf(room.snapshot(), counting, now, nameOf);
    };
    const control = (id: string) => controlDetailOf(room.snapshot(), id, context());
    /** Something was put on record: it is counted before it is shown. */
    const after = async <T>(show: () => T): Promise<T> => {
      await room.counted();
      room.changed();
      return show();
    };
    return {
      overview,
      framework: (framework) => frameworkDetailOf(room.snapshot(), framework, context()),
      control,
      exceptions: () => exceptionsOf(room.snapshot(), context()),
      counted: () => room.counted(),
      updateControl: (id, update) =>
        gate.run(async () => {
          await room.counted();
          await register.update(namedBy(by), id, update);
          return after(() => control(id));
        }),
      perform: (id, { on, note, files }) =>
        gate.run(async () => {
          await room.counted();
          const attached = [];
          for (const file of files) attached.push(await readAttachment(file));
          await register.perform(namedBy(by), id, { on, note, attachments: attached });
          return after(() => control(id));
        }),
      saveAttachment: (digest, file) =>
        gate.run(async () => {
          await parts.guard(exportRequest(by, parts.rooms.store.chain, 'attachment'), {
            actor: actorOf(by),
            device: deviceOf(by),
          });
          const content = await attachments.read(digest);
          const data = { subject: null, scope: 'attachment', records: 1, digest };
          const target = { type: 'attachment', id: digest };
          const action = 'tenant.data_exported';
          const record = {
            action,
            outcome: 'success',
            actor: actorOf(by),
            device: deviceOf(by),
            target,
            data,
          } as const;
          await appendOrRefuse(parts.audit, record, 'so nothing was saved');
          return saveFile(file, content, random);
        }),
      checkNow: () =>
        gate.run(async () => {
          await room.checking.run();
          return after(overview);
        }),
      readiness: () => readinessOf(room.snapshot(), context()),
      setPlan: (plan) =>
        gate.run(async () => {
          await room.counted();
          await register.setPlan(namedBy(by), plan);
          return after(() => readinessOf(room.snapshot(), context()));
        }),
      reviews: reviews(by),
      samples: samples(by),
      reports: reports(by),
      notes: notes(by),
    };
  };
}
