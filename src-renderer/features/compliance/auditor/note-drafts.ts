import type { AuditorNote } from '#shared/ipc/compliance-views.ts';
import type { NoteVerdict } from './note-words.ts';

export type NoteAbout = AuditorNote['about'];

/** A note as far as it is written. */
export interface NoteDraft {
  readonly about: NoteAbout;
  readonly verdict: NoteVerdict | null;
  readonly text: string;
}

/** Drafts by what they are about, in the order they were begun. */
export type NoteDrafts = ReadonlyMap<string, NoteDraft>;

export const LONGEST_NOTE = 4000;

export const aboutKey = ({ report, what, id }: NoteAbout): string => `${report} ${what} ${id}`;

/** The drafts with this one in them; one that says nothing any more is taken out. */
export function putDraft(drafts: NoteDrafts, draft: NoteDraft): NoteDrafts {
  const next = new Map(drafts);
  if (draft.verdict === null && draft.text.trim() === '') next.delete(aboutKey(draft.about));
  else next.set(aboutKey(draft.about), draft);
  return next;
}

/** Why a draft is no note yet, or null. What is accepted needs no word; what is not, does. */
export function judgeDraft({ verdict, text }: NoteDraft): string | null {
  if (verdict === null) return 'Say whether it is accepted, flagged, or a question.';
  if (verdict !== 'accepted' && text.trim() === '') {
    return verdict === 'flagged' ? 'Say what is wrong with it.' : 'The question is missing.';
  }
  return null;
}

/** The drafts that are notes. */
export function finishedNotes(drafts: NoteDrafts): AuditorNote[] {
  const notes: AuditorNote[] = [];
  for (const draft of drafts.values()) {
    if (draft.verdict === null || judgeDraft(draft) !== null) continue;
    notes.push({ about: draft.about, verdict: draft.verdict, text: draft.text.trim() });
  }
  return notes;
}

/** What has been written, to be compared with what was saved. */
export function drafted(drafts: NoteDrafts): string {
  return JSON.stringify([...drafts.values()]);
}
