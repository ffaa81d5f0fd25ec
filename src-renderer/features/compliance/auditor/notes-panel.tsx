import { useId, useState } from 'react';
import type { MadeReport, NotesView } from '#shared/ipc/compliance-views.ts';
import { showText } from '#shared/report/shown-text.ts';
import { useMay } from '../../../bridge/access-provider.tsx';
import type { Query } from '../../../bridge/use-query.ts';
import { CommandButton } from '../../../components/button.tsx';
import { HashText } from '../../../components/hash-text.tsx';
import { Panel } from '../../../components/panel.tsx';
import { StateTag } from '../../../components/state-tag.tsx';
import { EmptyState, ErrorPanel, Loading } from '../../../components/states.tsx';
import { TimeText } from '../../../components/time-text.tsx';
import { formatCount, formatPlural } from '../../../format/numbers.ts';
import { formatRoute } from '../../../navigation/route.ts';
import { ConfirmDialog } from '../../verification/confirm-dialog.tsx';
import { countNotes, NOTE_VERDICTS, NOTE_WORDS, type NoteVerdict, nameAbout } from './note-words.ts';
import type { TakingNotes } from './use-take-notes.ts';

interface NotesPanelProps {
  readonly query: Query<readonly NotesView[]>;
  readonly made: readonly MadeReport[];
  readonly taking: TakingNotes;
}

/** What auditors said of bundles: accepted, flagged, asked. */
export function NotesPanel({ query, made, taking }: NotesPanelProps) {
  const mayMake = useMay('reports.make');
  const [only, setOnly] = useState<NoteVerdict | null>(null);
  const { data, error, loading, reload } = query;
  const { take, trust, asked, taken } = taking;
  return (
    <Panel
      title="Notes that came back"
      className="list-section"
      aside={<CommandButton command="notes.take" busy={take.busy} busyLabel="Reading the notes…" />}
    >
      {take.error === null ? null : <ErrorPanel error={take.error} title="The notes were not taken in" />}
      {error === null ? null : <ErrorPanel error={error} title="The notes could not be read" onRetry={reload} />}
      {taken === null ? null : (
        <p className="exchanged" role="status">
          {formatPlural(taken.notes.length, 'note')} of {taken.auditor} taken in, and on record.
        </p>
      )}
      {data === null && loading ? <Loading what="Reading notes…" /> : null}
      {data?.length === 0 ? (
        <EmptyState title="No notes yet">
          <p>
            An auditor opens a bundle without an account, says of each report, exception or sample whether it is
            accepted, flagged or a question, and sends the signed file back.
            {mayMake ? ' Take it in here.' : ' Taking it in is not part of your role.'}
          </p>
        </EmptyState>
      ) : null}
      {data === null || data.length === 0 ? null : (
        <>
          <VerdictFilter files={data} value={only} onChange={setOnly} />
          {data.map((file) => (
            <NotesFile key={`${file.bundle} ${file.key} ${file.at}`} file={file} made={made} only={only} />
          ))}
        </>
      )}
      {asked === null ? null : (
        <ConfirmDialog
          title={`Trust the key of “${asked.auditor}”?`}
          lead="Notes of this key were not taken in before. Ask the auditor for the id of their key another way than by this file: by voice, in person. Only if both are the same did they write these notes."
          action="They are the same: take in"
          failed="The notes were not taken in"
          busy={trust.busy}
          error={trust.error}
          onConfirm={() => void trust.run()}
          onClose={taking.forget}
        >
          <p className="fingerprint">
            <span className="faint">Id of the key that signed the notes</span>
            <code className="wrap">{asked.key}</code>
          </p>
          <dl className="facts facts-wide">
            <dt>Auditor</dt>
            <dd className="external-wrap">{showText(asked.auditor)} (as the file says)</dd>
          </dl>
        </ConfirmDialog>
      )}
    </Panel>
  );
}

interface VerdictFilterProps {
  readonly files: readonly NotesView[];
  readonly value: NoteVerdict | null;
  readonly onChange: (value: NoteVerdict | null) => void;
}

function VerdictFilter({ files, value, onChange }: VerdictFilterProps) {
  const name = useId();
  const counts = countNotes(files);
  return (
    <fieldset className="pills note-filter">
      <legend className="visually-hidden">Which notes</legend>
      <label className="pill">
        <input type="radio" name={name} checked={value === null} onChange={() => onChange(null)} />
        All
      </label>
      {NOTE_VERDICTS.map((verdict) => (
        <label key={verdict} className="pill">
          <input type="radio" name={name} checked={value === verdict} onChange={() => onChange(verdict)} />
          <StateTag quiet state={NOTE_WORDS[verdict]} />
          <span className="num">{formatCount(counts[verdict])}</span>
        </label>
      ))}
    </fieldset>
  );
}

interface NotesFileProps {
  readonly file: NotesView;
  readonly made: readonly MadeReport[];
  readonly only: NoteVerdict | null;
}

function NotesFile({ file, made, only }: NotesFileProps) {
  const id = useId();
  const notes = only === null ? file.notes : file.notes.filter(({ verdict }) => verdict === only);
  if (notes.length === 0) return null;
  return (
    <section className="notes-file" aria-labelledby={id}>
      <header>
        <h3 id={id} className="external-wrap">
          {showText(file.auditor)}
        </h3>
        <p className="facts-line sub">
          <TimeText iso={file.at} />
          <span>
            key <code>{file.key}</code>
          </span>
          <span>
            bundle <HashText value={file.bundle} what="Manifest of the bundle" />
          </span>
          {file.seq === null ? null : (
            <a href={formatRoute({ screen: 'audit', filter: {}, seq: file.seq })}>record {formatCount(file.seq)}</a>
          )}
        </p>
      </header>
      <ul>
        {notes.map((note) => (
          <li key={`${note.about.report} ${note.about.what} ${note.about.id}`} className="note">
            <StateTag quiet state={NOTE_WORDS[note.verdict]} />
            <div>
              <strong className="wrap">{nameAbout(note.about, made)}</strong>
              {note.text === '' ? (
                <p className="faint">without a word</p>
              ) : (
                <p className="external-wrap note-text">{showText(note.text)}</p>
              )}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
