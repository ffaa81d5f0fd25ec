import { seal } from '#main/audit/seal.ts';
import { type Random, systemRandom } from '#main/platform/random.ts';
import type { ControlUpdate } from '#shared/ipc/compliance-channels.ts';
import { type ControlStatus, SampleProfile } from '#shared/model/control.ts';
import type { ControlDefinition } from '../controls/control-definition.ts';
import { REGISTER } from '../controls/define-test.ts';
import { DAY } from '../controls/record-values.ts';
import type { Attachments, NewAttachment } from './attachments.ts';
import { closeReview, decideReview, openReview } from './campaigns.ts';
import { isCadenceOf } from './fold-control.ts';
import { readInstant, readNote, refuse, requireControl } from './refusals.ts';
import { type RegisterActor, RegisterWriter, type WriterOptions, type Written } from './register-writer.ts';
import type { SelfCheckResult } from './self-checks.ts';

const MOST_ATTACHMENTS = 16;
const MOST_REASONS = 16;
const MOST_RESULTS = 64;
const LONGEST_TEXT = 1000;
const FARTHEST_MS = 5 * 366 * DAY;
const CLOCK_TOLERANCE_MS = 5 * 60_000;

export interface RegisterOptions extends WriterOptions {
  readonly attachments: Attachments;
  /** Whether this is the account of somebody in the workspace; without it, any id is taken. */
  readonly isMember?: (id: string) => boolean;
  readonly random?: Random;
}

export interface PerformedInput {
  /** When it was done, RFC 3339. */
  readonly on: string;
  readonly note: string;
  readonly attachments: readonly NewAttachment[];
}

export interface StatusChange {
  readonly control: string;
  readonly status: ControlStatus;
  readonly reasons: readonly string[];
}

/** Every change of the register is a record of the chain. Each function refuses what may not be, and then writes one. */
export type Register = ReturnType<typeof createRegister>;

export function createRegister(options: RegisterOptions) {
  const { attachments, isMember = () => true, random = systemRandom } = options;
  const writer = new RegisterWriter(options);
  const parts = { writer, random };

  return {
    /** With the changes that are on record and not counted yet. */
    state: () => writer.state(),

    /** @throws CausewayError `not-found`, `bad-input` (`cadence`, `technical` among them), `conflict` (`no-change`), and of the trail */
    update: (by: RegisterActor, control: string, update: ControlUpdate): Promise<Written> =>
      writer.run(() => updateControl(writer, isMember, by, control, update)),

    /** @throws CausewayError `not-found`, `denied` (`not-a-person`), `bad-input` (`on`, `note`, `placeholder`, `attachments`), `too-large`, and of disk and trail */
    perform: (by: RegisterActor, control: string, input: PerformedInput): Promise<Written> =>
      writer.run(() => performControl(writer, attachments, by, control, input)),

    openReview: (by: RegisterActor, input: Parameters<typeof openReview>[2]) =>
      writer.run(() => openReview(parts, by, input)),
    decideReview: (by: RegisterActor, input: Parameters<typeof decideReview>[2]) =>
      writer.run(() => decideReview(parts, by, input)),
    closeReview: (by: RegisterActor, campaign: string) => writer.run(() => closeReview(parts, by, campaign)),

    /** @throws CausewayError `bad-input` (`start`, `weeks`) */
    setPlan: (by: RegisterActor, { start, weeks }: { readonly start: string; readonly weeks: number }) =>
      writer.run(async () => {
        const from = readInstant(start, 'start');
        if (Math.abs(from - writer.now()) > FARTHEST_MS) {
          throw refuse('bad-input', 'start', 'A plan begins within five years of today. Nothing was recorded.');
        }
        if (!Number.isInteger(weeks) || weeks < 8 || weeks > 12) {
          throw refuse('bad-input', 'weeks', 'A plan takes 8 to 12 weeks. Nothing was recorded.');
        }
        const plan = { kind: 'plan' as const, start: new Date(from).toISOString(), weeks };
        return writer.write(by, { control: REGISTER, change: plan });
      }),

    /** @throws CausewayError `bad-input` (`profile`) */
    setProfile: (by: RegisterActor, profile: SampleProfile): Promise<Written> =>
      writer.run(async () => {
        const read = SampleProfile.safeParse(profile);
        if (!read.success) {
          throw refuse(
            'bad-input',
            'profile',
            'A sample profile has a name and a size of 1 to 1,000 for each frequency.',
          );
        }
        return writer.write(by, { control: REGISTER, change: { kind: 'sample-profile', profile: read.data } });
      }),

    /** Of the console itself, whoever asked for them: others' do not count. @throws CausewayError `bad-input` (`results`) */
    recordSelfChecks: (results: readonly SelfCheckResult[]): Promise<Written> =>
      writer.run(async () => {
        for (const { control } of results) requireControl(control);
        if (results.length === 0 || results.length > MOST_RESULTS) {
          throw refuse('bad-input', 'results', `A record holds 1 to ${MOST_RESULTS} self-checks.`);
        }
        const told = results.map((result) => ({ ...result, detail: cut(result.detail) }));
        const evidence = [...new Set(results.map(({ digest }) => digest))];
        return writer.write(null, { control: REGISTER, change: { kind: 'self-check', results: told }, evidence });
      }),

    /** Of statuses that were computed. Those that are on record already are left out. @throws CausewayError `not-found` */
    recordStatuses: (changes: readonly StatusChange[]): Promise<readonly Written[]> =>
      writer.run(async () => {
        const written: Written[] = [];
        for (const { control, status, reasons } of changes) {
          requireControl(control);
          if (writer.entry(control).status === status) continue;
          const change = { kind: 'status' as const, reasons: reasons.slice(0, MOST_REASONS).map(cut) };
          written.push(await writer.write(null, { control, change, newStatus: status }));
        }
        return written;
      }),

    /** Notes an auditor sent. @throws CausewayError `conflict` when the same notes are on record already */
    recordNotes: (
      by: RegisterActor,
      notes: {
        readonly bundle: string;
        readonly notes: string;
        readonly key: string;
        readonly accepted: number;
        readonly flagged: number;
        readonly questions: number;
      },
    ): Promise<Written> =>
      writer.run(async () => {
        if (writer.state().notes.some((one) => one.notes === notes.notes && one.key === notes.key)) {
          throw refuse('conflict', 'notes-known', 'These notes are on record already.');
        }
        const evidence = [notes.notes];
        return writer.write(by, { control: REGISTER, change: { kind: 'auditor-notes', ...notes }, evidence });
      }),

    /** A bundle that was made for an auditor. `reports`: digests of their documents. */
    recordBundle: (
      by: RegisterActor,
      { manifest, reports }: { readonly manifest: string; readonly reports: readonly string[] },
    ): Promise<Written> =>
      writer.run(() => {
        const change = { kind: 'bundle' as const, manifest, reports: reports.slice(0, 64) };
        return writer.write(by, { control: REGISTER, change, evidence: [manifest] });
      }),
  };
}

async function updateControl(
  writer: RegisterWriter,
  isMember: (id: string) => boolean,
  by: RegisterActor,
  control: string,
  update: ControlUpdate,
): Promise<Written> {
  const definition = requireControl(control);
  const entry = writer.entry(control);
  switch (update.kind) {
    case 'owner': {
      const { owner } = update;
      if (owner === entry.owner) throw noChange();
      if (owner !== null && !isMember(owner)) {
        throw refuse('not-found', 'owner', 'There is no such person in this workspace. Nothing was recorded.');
      }
      return writer.write(by, { control, change: { kind: 'owner', previous: entry.owner }, owner });
    }
    case 'cadence': {
      const previous = entry.frequency ?? definition.frequency;
      if (update.frequency === previous) throw noChange();
      if (!isCadenceOf(control, update.frequency)) throw wrongCadence(definition);
      return writer.write(by, { control, change: { kind: 'cadence', previous, next: update.frequency } });
    }
    case 'due': {
      const due = update.due === null ? null : readInstant(update.due, 'due');
      const text = due === null ? null : new Date(due).toISOString();
      if (text === entry.due) throw noChange();
      if (due !== null && due <= writer.now()) {
        throw refuse('bad-input', 'due', 'This date is over. Give one that is to come. Nothing was recorded.');
      }
      if (due !== null && due > writer.now() + FARTHEST_MS) {
        throw refuse('bad-input', 'due', 'This date is more than five years away. Nothing was recorded.');
      }
      return writer.write(by, { control, change: { kind: 'due', due: text } });
    }
    case 'not-applicable': {
      const note = readNote(update.justification);
      if (entry.notApplicable !== null) throw noChange();
      if (definition.kind === 'technical' && entry.check?.result !== 'absent') {
        const text = `${control} is a control of the console itself, and its self-check does not say that it is not there: it applies. Nothing was recorded.`;
        throw refuse('bad-input', 'technical', text);
      }
      const change = { kind: 'not-applicable' as const, note: seal(by.id, note) };
      return writer.write(by, { control, change, newStatus: 'not-applicable' });
    }
    case 'applicable':
      if (entry.notApplicable === null) throw noChange();
      return writer.write(by, { control, change: { kind: 'applicable' }, newStatus: 'gap' });
  }
}

async function performControl(
  writer: RegisterWriter,
  attachments: Attachments,
  by: RegisterActor,
  control: string,
  { on, note, attachments: files }: PerformedInput,
): Promise<Written> {
  const { kind, id } = requireControl(control);
  if (by.actor.type !== 'user') {
    throw refuse('denied', 'not-a-person', 'What was done is put on record by people, not by programs.');
  }
  if (kind !== 'organizational') {
    const text = `${id} is a control of the console itself: what it did is counted, and not typed in.`;
    throw refuse('bad-input', 'technical', text);
  }
  if (writer.entry(control).notApplicable !== null) {
    throw refuse('conflict', 'not-applicable', `${id} is said to be not applicable. Say that it applies first.`);
  }
  const done = readInstant(on, 'on');
  if (done > writer.now() + CLOCK_TOLERANCE_MS) {
    throw refuse(
      'bad-input',
      'on',
      'What is still to come was not done. Give the day it was done. Nothing was recorded.',
    );
  }
  if (done < writer.now() - FARTHEST_MS) {
    throw refuse('bad-input', 'on', 'This is more than five years ago. Nothing was recorded.');
  }
  const written = readNote(note);
  if (files.length > MOST_ATTACHMENTS) {
    throw refuse(
      'too-large',
      'attachments',
      `At most ${MOST_ATTACHMENTS} files can be attached. Nothing was recorded.`,
    );
  }
  const kept = [];
  const fresh: string[] = [];
  try {
    for (const { name, mediaType, content } of files) {
      const { digest, isNew } = await attachments.keep(content);
      if (isNew) fresh.push(digest);
      kept.push({ digest, mediaType: mediaType.slice(0, 128), bytes: content.length, name: seal(by.id, name) });
    }
    const change = {
      kind: 'performed' as const,
      on: new Date(done).toISOString(),
      note: seal(by.id, written),
      ...(kept.length === 0 ? {} : { attachments: kept }),
    };
    const evidence = [...new Set(kept.map(({ digest }) => digest))];
    return await writer.write(by, { control, change, evidence });
  } catch (error) {
    // what no record names is not kept
    for (const digest of fresh) await attachments.remove(digest).catch(() => undefined);
    throw error;
  }
}

function cut(text: string): string {
  return text.trim().toWellFormed().slice(0, LONGEST_TEXT).toWellFormed() || 'nothing was said';
}

function wrongCadence({ id, frequency }: ControlDefinition) {
  const text =
    frequency === 'event'
      ? `${id} is seen each time what it governs happens: it has no cadence. Nothing was recorded.`
      : `${id} has a cadence, so that a time without it is found: it can be another one, and not none. Nothing was recorded.`;
  return refuse('bad-input', 'cadence', text);
}

function noChange() {
  return refuse('conflict', 'no-change', 'This is how it is already. Nothing was recorded.');
}
