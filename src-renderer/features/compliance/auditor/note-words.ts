import type { AuditorNote, MadeReport, NotesView } from '#shared/ipc/compliance-views.ts';
import { shortDigest } from '../../../format/digests.ts';
import type { StateWord } from '../../../format/words.ts';
import { REPORT_TERMS } from '../reports/report-words.ts';

export const NOTE_VERDICTS = ['accepted', 'flagged', 'question'] as const satisfies readonly AuditorNote['verdict'][];
export type NoteVerdict = (typeof NOTE_VERDICTS)[number];

export const NOTE_WORDS: Readonly<Record<NoteVerdict, StateWord>> = {
  accepted: { word: 'Accepted', tone: 'good', shape: 'check' },
  flagged: { word: 'Flagged', tone: 'bad', shape: 'bang' },
  question: { word: 'Question', tone: 'warn', shape: 'diamond' },
};

/** How many notes of each verdict there are. */
export function countNotes(files: readonly Pick<NotesView, 'notes'>[]): Readonly<Record<NoteVerdict, number>> {
  const counts = { accepted: 0, flagged: 0, question: 0 };
  for (const { notes } of files) for (const { verdict } of notes) counts[verdict] += 1;
  return counts;
}

/** What a note is about: "SOC 2 Type II, exception AC-03:late-revocation:812". */
export function nameAbout({ report, what, id }: AuditorNote['about'], made: readonly MadeReport[]): string {
  const kind = made.find(({ document }) => document === report)?.kind ?? null;
  const name = kind === null ? `Report ${shortDigest(report)}` : REPORT_TERMS[kind].name;
  return what === 'report' ? name : `${name}, ${what} ${id}`;
}
