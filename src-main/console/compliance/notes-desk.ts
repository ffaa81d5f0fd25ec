import { countNotes, MAX_NOTES, readNotes, requireOwnBundle, viewNotes } from '#main/compliance/bundle/notes.ts';
import type { Principal } from '#main/identity/principal.ts';
import { readSmallFile } from '#main/platform/atomic-file.ts';
import { CausewayError } from '#shared/errors.ts';
import type { NotesView } from '#shared/ipc/compliance-views.ts';
import type { ClosingGate } from '../closing-gate.ts';
import type { Parts } from '../parts.ts';
import type { NotesDesk } from './compliance-desk.ts';
import type { ComplianceRoom } from './compliance-room.ts';
import { namedBy } from './named-by.ts';

/** What auditors said about bundles that were made here. */
export function createNotesDesk(
  { rooms }: Parts,
  gate: ClosingGate,
  room: ComplianceRoom,
): (by: Principal) => NotesDesk {
  const { register, attachments } = room;
  return (by) => ({
    list: async () => {
      const views: NotesView[] = [];
      for (const { seq, notes } of register.state().notes) {
        // one whose file is gone or changed is on record, and cannot be shown
        const read = await attachments
          .read(notes)
          .then(readNotes)
          .catch(() => null);
        if (read !== null) views.push(viewNotes(read, seq));
      }
      return views;
    },
    take: (file, trust) =>
      gate.run(async () => {
        await room.counted();
        if (trust !== undefined && by.type !== 'user') {
          const text = 'Only a person can say that a key was compared. Nothing was taken in.';
          throw new CausewayError('denied', text, { reason: 'not-a-person' });
        }
        const bytes = await readFile(file);
        const read = readNotes(bytes);
        const { bundles, notes } = register.state();
        requireOwnBundle(
          read,
          rooms.store.chain,
          bundles.map(({ manifest }) => manifest),
        );
        if (trust !== read.key && !notes.some(({ key }) => key === read.key)) {
          return { needsTrust: { auditor: read.content.auditor, key: read.key } };
        }
        const { digest } = await attachments.keep(bytes);
        const record = { bundle: read.content.bundle, notes: digest, key: read.key, ...countNotes(read) };
        const { seq } = await register.recordNotes(namedBy(by), record);
        await room.counted();
        room.changed();
        return { needsTrust: null, notes: viewNotes(read, seq) };
      }),
  });
}

async function readFile(file: string): Promise<Uint8Array> {
  try {
    return await readSmallFile(file, MAX_NOTES);
  } catch (cause) {
    throw new CausewayError('bad-input', `The file ${file} cannot be read. Nothing was taken in.`, { cause });
  }
}
