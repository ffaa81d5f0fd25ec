import { useEffect, useId, useRef, useState } from 'react';
import { Button } from '../../../components/button.tsx';
import { StateTag } from '../../../components/state-tag.tsx';
import { aboutKey, judgeDraft, LONGEST_NOTE, type NoteAbout, type NoteDraft } from './note-drafts.ts';
import { NOTE_VERDICTS, NOTE_WORDS } from './note-words.ts';
import { useNotes } from './notes-context.ts';

interface NoteEditorProps {
  readonly about: NoteAbout;
  /** What the note is about, for those who hear the button alone. */
  readonly name: string;
  /** What the button says where it does not stand beside what it is about. */
  readonly label?: string;
}

/** A note on one thing: its verdict and, where there is something to say, the text. Closed while nothing is written. */
export function NoteEditor({ about, name, label = 'Note' }: NoteEditorProps) {
  const { drafts, write } = useNotes();
  const [open, setOpen] = useState<boolean | null>(null);
  const draft = drafts.get(aboutKey(about)) ?? { about, verdict: null, text: '' };
  if (open !== true) {
    return (
      <ClosedNote draft={draft} name={name} label={label} takeFocus={open === false} onOpen={() => setOpen(true)} />
    );
  }
  return <OpenNote draft={draft} name={name} onWrite={write} onClose={() => setOpen(false)} />;
}

interface ClosedNoteProps {
  readonly draft: NoteDraft;
  readonly name: string;
  readonly label: string;
  /** After it was open: its button has the focus again. */
  readonly takeFocus: boolean;
  readonly onOpen: () => void;
}

function ClosedNote({ draft, name, label, takeFocus, onOpen }: ClosedNoteProps) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (takeFocus) button.current?.focus();
  }, [takeFocus]);
  const problem = judgeDraft(draft);
  const begun = draft.verdict !== null || draft.text !== '';
  return (
    <div className="note-closed">
      {draft.verdict === null ? null : <StateTag quiet state={NOTE_WORDS[draft.verdict]} />}
      {draft.text === '' ? null : <span className="note-text wrap">{draft.text}</span>}
      {begun && problem !== null ? <span className="hint hint-bad">{problem}</span> : null}
      <Button ref={button} label={begun ? `Change the note on ${name}` : `Note on ${name}`} onPress={onOpen}>
        {begun ? 'Change' : label}
      </Button>
    </div>
  );
}

interface OpenNoteProps {
  readonly draft: NoteDraft;
  readonly name: string;
  readonly onWrite: (draft: NoteDraft) => void;
  readonly onClose: () => void;
}

function OpenNote({ draft, name, onWrite, onClose }: OpenNoteProps) {
  const id = useId();
  return (
    <fieldset className="note-open">
      <legend className="visually-hidden">Note on {name}</legend>
      <div className="pills">
        {NOTE_VERDICTS.map((verdict, index) => (
          <label key={verdict} className="pill">
            <input
              type="radio"
              name={`${id}-verdict`}
              // biome-ignore lint/a11y/noAutofocus: the button that opened the note has gone, and this took its place
              autoFocus={draft.verdict === null ? index === 0 : draft.verdict === verdict}
              checked={draft.verdict === verdict}
              onChange={() => onWrite({ ...draft, verdict })}
            />
            <StateTag quiet state={NOTE_WORDS[verdict]} />
          </label>
        ))}
      </div>
      <label className="visually-hidden" htmlFor={`${id}-text`}>
        Text of the note on {name}
      </label>
      <textarea
        id={`${id}-text`}
        rows={2}
        maxLength={LONGEST_NOTE}
        placeholder={draft.verdict === 'accepted' ? 'Nothing more is needed' : 'What is wrong, or what you ask'}
        value={draft.text}
        onChange={(event) => onWrite({ ...draft, text: event.target.value })}
      />
      <div className="row-actions">
        <Button onPress={onClose}>Done</Button>
        <Button
          look="ghost"
          onPress={() => {
            onWrite({ ...draft, verdict: null, text: '' });
            onClose();
          }}
        >
          Take the note back
        </Button>
      </div>
    </fieldset>
  );
}
