import { z } from 'zod';
import {
  type FileFormat,
  type FileKey,
  holdsSignature,
  readSignedFile,
  writeSignedFile,
} from '#main/audit/signed-file.ts';
import { CausewayError } from '#shared/errors.ts';
import { AuditorNote, type NotesView } from '#shared/ipc/compliance-views.ts';
import { ChainId } from '#shared/model/audit-record.ts';
import { Digest } from '#shared/model/evidence.ts';

/**
 * Control characters but for the ends of lines, those that turn the direction of what follows, and those that are not
 * seen: two texts that look alike would be two. The joiners U+200C and U+200D stay, which Persian and emoji are spelt with.
 */
const MISLEADING =
  /[^\P{Cc}\n\t]|[\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/u;
/** An id is compared, and nothing in it is spelt. */
const UNSEEN = /[\p{Cc}\p{Cf}]/u;
const isPlain = (text: string) => !MISLEADING.test(text);
const NOT_PLAIN = 'it holds characters that are not shown';

const PlainNote = AuditorNote.refine(
  ({ text, about }) => isPlain(text) && !UNSEEN.test(about.id) && isPlain(about.id),
  NOT_PLAIN,
);

/** What an auditor says about a bundle. */
export const NotesContent = z.strictObject({
  /** Digest of the bundle's manifest: the notes are about that one and no other. */
  bundle: Digest,
  chain: ChainId,
  auditor: z.string().trim().min(1).max(200).refine(isPlain, NOT_PLAIN),
  at: z.iso.datetime({ precision: 3 }),
  notes: z
    .array(PlainNote)
    .min(1)
    .max(5000)
    .refine((notes) => new Set(notes.map(placeOf)).size === notes.length, 'two notes are about one thing'),
});
export type NotesContent = z.infer<typeof NotesContent>;

function placeOf({ about }: AuditorNote): string {
  return JSON.stringify([about.report, about.what, about.id]);
}

/** Bytes a file of notes may have. */
export const MAX_NOTES = 24 * 1024 * 1024;

const FORMAT: FileFormat<NotesContent> = {
  name: 'causeway-notes/1',
  maxBytes: MAX_NOTES,
  content: NotesContent,
  what: 'a file of auditor’s notes',
  reason: 'notes',
};

/** Notes that were read, and whose signature holds. Whose key it is, nobody but a person can say. */
export interface ReadNotes {
  readonly content: NotesContent;
  /** Id of the key of the auditor's device. */
  readonly key: string;
  /** Lowercase hex SHA-256 of the file. */
  readonly digest: string;
}

/**
 * The bytes of a file of notes, signed by the key of the auditor's device.
 * @throws CausewayError `bad-input`, `too-large`
 */
export async function writeNotes(content: NotesContent, key: FileKey): Promise<Uint8Array> {
  const parsed = NotesContent.safeParse(content);
  if (parsed.success) return writeSignedFile(FORMAT, parsed.data, key);
  const why = parsed.error.issues[0]?.message ?? 'they do not fit';
  throw new CausewayError('bad-input', `These notes cannot be saved: ${why}.`, {
    reason: 'notes',
    cause: parsed.error,
  });
}

/**
 * Reads notes somebody sent.
 * @throws CausewayError `bad-input` (`notes`) when it is no such file, `denied` (`notes-signature`) when it was changed after it was signed
 */
export function readNotes(bytes: Uint8Array): ReadNotes {
  const file = readSignedFile(FORMAT, bytes);
  if (!holdsSignature(file, file.key)) {
    const text = 'These notes were changed after they were signed. Ask the auditor for the file again.';
    throw new CausewayError('denied', text, { reason: 'notes-signature' });
  }
  return { content: file.content, key: file.key.id, digest: file.digest };
}

/**
 * That the notes are about a bundle that was made here.
 * @param bundles digests of the manifests on record
 * @throws CausewayError `conflict` (`other-bundle`)
 */
export function requireOwnBundle({ content }: ReadNotes, chain: string, bundles: readonly string[]): void {
  if (content.chain === chain && bundles.includes(content.bundle)) return;
  const text = 'These notes are about a bundle that was not made here. Ask which folder the auditor looked at.';
  throw new CausewayError('conflict', text, { reason: 'other-bundle' });
}

/**
 * That notes are about reports of the bundle that is open, as they were read: of others nobody could tell what is meant.
 * @throws CausewayError `bad-input` (`other-report`)
 */
export function requireInBundle(
  notes: readonly AuditorNote[],
  { reports }: { readonly reports: readonly { readonly digest: string }[] },
): void {
  const known = new Set(reports.map(({ digest }) => digest));
  if (notes.every(({ about }) => known.has(about.report))) return;
  const text =
    'A note is about a report that is not in the bundle that is open. Open its bundle, and save the notes again.';
  throw new CausewayError('bad-input', text, { reason: 'other-report' });
}

/** How many of each, as the record of the notes says. */
export function countNotes({ content }: ReadNotes): {
  readonly accepted: number;
  readonly flagged: number;
  readonly questions: number;
} {
  const count = (verdict: AuditorNote['verdict']) => content.notes.filter((note) => note.verdict === verdict).length;
  return { accepted: count('accepted'), flagged: count('flagged'), questions: count('question') };
}

/** @param seq of the record that they were taken in; null before that */
export function viewNotes({ content, key }: ReadNotes, seq: number | null): NotesView {
  const { bundle, auditor, at, notes } = content;
  return { seq, at, auditor, key, bundle, notes };
}
