import type { ReviewView } from '#shared/ipc/compliance-views.ts';
import { holdsTyped } from '../parts/typed-words.ts';

export type Subject = ReviewView['subjects'][number];

/** How many of the frozen population are decided. */
export function countDecided({ subjects }: Pick<ReviewView, 'subjects'>): number {
  return subjects.filter(({ decision }) => decision !== null).length;
}

/** What still has to happen to somebody's access after a decision; null where nothing has. */
export function whatIsLeft({ decision, role, roleNow }: Pick<Subject, 'decision' | 'role' | 'roleNow'>): string | null {
  if (decision === null || roleNow === null) return null;
  switch (decision.decision) {
    case 'keep':
      return null;
    case 'change':
      return roleNow === role ? 'The role is still the same.' : null;
    case 'revoke':
      return 'The access is still there.';
  }
}

/** Undecided ones first, those left to carry out next; by name among equals. */
export function undecidedFirst(subjects: readonly Subject[]): readonly Subject[] {
  const rank = (subject: Subject) => (subject.decision === null ? 0 : whatIsLeft(subject) === null ? 2 : 1);
  return subjects.toSorted((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name) || a.id.localeCompare(b.id));
}

/** The subjects whose name, id or role holds every word. */
export function findSubjects(subjects: readonly Subject[], text: string): readonly Subject[] {
  if (text.trim() === '') return subjects;
  const holds = holdsTyped(text);
  return subjects.filter(({ name, id, role }) => holds(`${name} ${id} ${role}`));
}
