import { createContext, useContext } from 'react';
import type { NoteDraft, NoteDrafts } from './note-drafts.ts';

interface Notes {
  readonly drafts: NoteDrafts;
  readonly write: (draft: NoteDraft) => void;
}

/** The notes on the bundle that is open: they live as long as it is. */
export const NotesContext = createContext<Notes>({ drafts: new Map(), write: () => undefined });

export function useNotes(): Notes {
  return useContext(NotesContext);
}
