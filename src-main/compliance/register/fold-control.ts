import { cadencesBeside, type Frequency } from '#shared/model/control.ts';
import { controlOf } from '../controls/controls.ts';
import { RECORDED_WITHIN_MS } from '../controls/organizational.ts';
import type { ControlChange, RegisterRecord } from './fold.ts';
import type { Attachment, RegisterEntry, SealedPlace } from './register-state.ts';

const MOST_PERFORMED = 50;
const MOST_HISTORY = 100;

/** A control nothing was said about yet. */
export const EMPTY_ENTRY: RegisterEntry = {
  owner: null,
  frequency: null,
  due: null,
  notApplicable: null,
  check: null,
  performed: [],
  status: null,
  history: [],
};

/** What is known of one control after one more change of it; null when the record does not hold what its kind needs. */
export function foldControl(
  before: RegisterEntry | undefined,
  taken: RegisterRecord,
  change: ControlChange,
): RegisterEntry | null {
  const changed = applyChange(before ?? EMPTY_ENTRY, taken, change);
  if (changed === null) return null;
  const { entry, detail } = changed;
  if (detail === null) return entry;
  const one = { seq: taken.seq, time: taken.time, by: taken.by, kind: change.kind, detail };
  return { ...entry, history: [one, ...entry.history].slice(0, MOST_HISTORY) };
}

/** A control whose owner was removed from the workspace. */
export function leaveOwnerless(
  entry: RegisterEntry,
  told: Pick<RegisterEntry['history'][number], 'seq' | 'time' | 'by'>,
): RegisterEntry {
  const left = entry.owner ?? '';
  const one = { ...told, kind: 'owner', detail: `${left} to nobody: removed from the workspace` };
  return { ...entry, owner: null, ownerLeft: left, history: [one, ...entry.history].slice(0, MOST_HISTORY) };
}

/** `detail` null: nothing that the history of the control has to tell. */
interface Changed {
  readonly entry: RegisterEntry;
  readonly detail: string | null;
}

function applyChange(entry: RegisterEntry, taken: RegisterRecord, change: ControlChange): Changed | null {
  const { seq, time, by, data } = taken;
  switch (change.kind) {
    case 'self-check': {
      const [found] = change.results ?? [];
      if (found === undefined) return null;
      const { result, detail, digest } = found;
      const check = { result, detail, seq, time, digest };
      // every check is on record; of its own accord the history tells only those that found something else than before
      const news = entry.check?.result !== result;
      return { entry: { ...entry, check }, detail: news ? `${result}: ${detail}` : null };
    }
    case 'status': {
      const before = entry.status ?? 'none';
      return { entry: { ...entry, status: data.newStatus }, detail: `${before} to ${data.newStatus}` };
    }
    case 'owner': {
      const who = `${entry.owner ?? 'nobody'} to ${data.owner ?? 'nobody'}`;
      return { entry: { ...entry, owner: data.owner, ownerLeft: null }, detail: who };
    }
    case 'cadence':
      if (change.next === undefined || !isCadenceOf(taken.control, change.next)) return null;
      return { entry: { ...entry, frequency: change.next }, detail: change.next };
    case 'due':
      if (change.due === undefined) return null;
      return { entry: { ...entry, due: change.due }, detail: change.due ?? 'none' };
    case 'performed': {
      const { on, note } = change;
      if (on === undefined || note === undefined) return null;
      const attachments = readAttachments(change, seq);
      const performance = { seq, time, on, by, note: place(note, seq, '/data/change/note'), attachments };
      const performed = [performance, ...entry.performed].slice(0, MOST_PERFORMED);
      const files = attachments.length === 0 ? '' : `, ${attachments.length} attached`;
      return {
        entry: { ...entry, performed, due: settles(time, on) ? null : entry.due },
        detail: `done on ${on.slice(0, 10)}${files}`,
      };
    }
    case 'not-applicable': {
      const { note } = change;
      if (note === undefined) return null;
      const notApplicable = { justification: place(note, seq, '/data/change/note'), by, time };
      return { entry: { ...entry, notApplicable }, detail: 'not applicable' };
    }
    case 'applicable':
      return { entry: { ...entry, notApplicable: null }, detail: 'applicable again' };
    case 'review-opened':
      return { entry, detail: `${change.campaign ?? ''} opened, ${change.subjects?.length ?? 0} people` };
    case 'review-decided':
      return { entry, detail: null };
    case 'review-closed':
      return {
        entry: { ...entry, due: null },
        detail: `${change.campaign ?? ''} closed, ${change.undecided ?? 0} undecided`,
      };
    case 'auditor-notes':
    case 'bundle':
    case 'plan':
    case 'sample-profile':
      return null; // of the register as a whole
  }
}

/** A control with a cadence keeps one, and one that is seen each time has none. */
export function isCadenceOf(control: string, next: Frequency): boolean {
  const defined = controlOf(control)?.frequency;
  return defined === undefined || next === defined || cadencesBeside(defined).includes(next);
}

/** What was done long ago and is told today is not what was due. */
function settles(recorded: string, on: string): boolean {
  return Date.parse(recorded) - Date.parse(on) <= RECORDED_WITHIN_MS;
}

function readAttachments(change: ControlChange, seq: number): readonly Attachment[] {
  return (change.attachments ?? []).map(({ digest, mediaType, bytes, name }, index) => ({
    digest,
    mediaType,
    bytes,
    name: place(name, seq, `/data/change/attachments/${index}/name`),
  }));
}

export function place({ sealed }: { readonly sealed: string }, seq: number, path: string): SealedPlace {
  return { sealed, seq, path };
}
