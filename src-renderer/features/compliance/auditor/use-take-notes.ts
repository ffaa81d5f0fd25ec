import { useState } from 'react';
import type { NotesView, TakeNotesResult } from '#shared/ipc/compliance-views.ts';
import { call } from '../../../bridge/call.ts';
import { type Action, useAction } from '../../../bridge/use-action.ts';

type TrustAsked = NonNullable<TakeNotesResult['needsTrust']>;

export interface TakingNotes {
  readonly take: Action<readonly []>;
  /** The second call, with the key that was compared. */
  readonly trust: Action<readonly []>;
  readonly asked: TrustAsked | null;
  readonly taken: NotesView | null;
  readonly forget: () => void;
}

/** Takes in an auditor's notes. A key not seen before is asked about before anything of it is believed. */
export function useTakeNotes(onTaken: () => void): TakingNotes {
  const [asked, setAsked] = useState<TrustAsked | null>(null);
  const [taken, setTaken] = useState<NotesView | null>(null);
  const settle = (result: TakeNotesResult) => {
    if (result.needsTrust !== null) return setAsked(result.needsTrust);
    setAsked(null);
    setTaken(result.notes);
    onTaken();
  };
  const take = useAction(async () => {
    setTaken(null);
    const answer = await call('notes.take', {});
    if (!answer.cancelled) settle(answer.value);
  });
  const trust = useAction(async () => {
    if (asked === null) return;
    const answer = await call('notes.take', { trust: asked.key });
    if (answer.cancelled) setAsked(null);
    else settle(answer.value);
  });
  const forget = () => {
    setAsked(null);
    trust.clear();
  };
  return { take, trust, asked, taken, forget };
}
