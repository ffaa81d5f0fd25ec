import { useState } from 'react';
import type { ExportResult, TrailExport } from '#shared/ipc/views.ts';
import { call } from '../../bridge/call.ts';
import { useConsoleEvents } from '../../bridge/events.ts';
import { useAction } from '../../bridge/use-action.ts';
import { Button } from '../../components/button.tsx';
import { HashText } from '../../components/hash-text.tsx';
import { ModalDialog } from '../../components/modal-dialog.tsx';
import { ErrorPanel } from '../../components/states.tsx';
import { formatBytes, formatCount, formatPlural } from '../../format/numbers.ts';
import { EXPORT_FORMATS, type ExportChoice, type ExportScope, requestOf } from './export-choice.ts';

interface ExportDialogProps {
  /** The filter in force, and in how many words it is told. */
  readonly query: NonNullable<TrailExport['query']>;
  readonly filtered: boolean;
  /** Newest record. */
  readonly head: number;
  readonly onClose: () => void;
}

const SCOPE_WORDS: Readonly<Record<ExportScope, string>> = {
  all: 'All records',
  filter: 'The records of the current filter',
  range: 'A range of records',
};

/** Hands the trail on: all of it or a part, for verification or for another program. */
export function ExportDialog({ query, filtered, head, onClose }: ExportDialogProps) {
  const [choice, setChoice] = useState<ExportChoice>({
    format: 'chain',
    scope: 'all',
    first: '',
    last: '',
    disclose: false,
  });
  const [progress, setProgress] = useState<{ done: number; total: number } | null>(null);
  const [result, setResult] = useState<ExportResult | null>(null);
  useConsoleEvents((event) => {
    if (event.type === 'exporting') setProgress({ done: event.done, total: event.total });
  });
  const asked = requestOf(choice, query, head);
  const run = useAction(async () => {
    if (typeof asked === 'string') return;
    setProgress(null);
    const answer = await call('trail.export', asked);
    if (!answer.cancelled) setResult(answer.value);
  });
  const cancel = useAction(async () => {
    await call('trail.cancelExport', {});
  });
  const writing = run.busy && progress !== null;
  return (
    <ModalDialog
      title="Export from the trail"
      lead="One file, and a record of it with its digest. Chains, ranges and extracts are verified offline, without Causeway."
      size="large"
      locked={run.busy}
      onClose={onClose}
    >
      <div className="dialog-body">
        {result === null ? (
          <ExportOptions choice={choice} filtered={filtered} busy={run.busy} onChange={setChoice} />
        ) : (
          <Exported result={result} />
        )}
        {writing ? (
          <progress aria-label="Records written" value={progress.done} max={Math.max(1, progress.total)} />
        ) : null}
        {run.error === null ? null : <ErrorPanel error={run.error} title="Nothing was exported" />}
      </div>
      <footer className="dialog-foot">
        <span className="foot-note" role="status">
          {writing
            ? `${formatCount(progress.done)} of ${formatPlural(progress.total, 'record')}`
            : run.busy
              ? 'Choose where the file goes…'
              : result !== null
                ? 'Exported, and on record.'
                : typeof asked === 'string'
                  ? asked
                  : ''}
        </span>
        {run.busy ? (
          <Button look="ghost" disabled={!writing} busy={cancel.busy} onPress={() => void cancel.run()}>
            Stop
          </Button>
        ) : (
          <Button look="ghost" onPress={onClose}>
            {result === null ? 'Cancel' : 'Close'}
          </Button>
        )}
        {result === null ? (
          <Button
            look="primary"
            busy={run.busy}
            busyLabel="Exporting…"
            disabled={typeof asked === 'string'}
            onPress={() => void run.run()}
          >
            Choose a file…
          </Button>
        ) : null}
      </footer>
    </ModalDialog>
  );
}

interface ExportOptionsProps {
  readonly choice: ExportChoice;
  readonly filtered: boolean;
  readonly busy: boolean;
  readonly onChange: (choice: ExportChoice) => void;
}

function ExportOptions({ choice, filtered, busy, onChange }: ExportOptionsProps) {
  const set = (change: Partial<ExportChoice>) => onChange({ ...choice, ...change });
  const scopes = EXPORT_FORMATS.find(({ format }) => format === choice.format)?.scopes ?? ['all'];
  return (
    <>
      <fieldset className="options export-formats" disabled={busy}>
        <legend>Format</legend>
        {EXPORT_FORMATS.map(({ format, name, text, scopes: [scope = 'all'] }) => (
          <label key={format}>
            <input
              type="radio"
              name="format"
              checked={choice.format === format}
              onChange={() =>
                set({ format, scope: filtered && format !== 'chain' && format !== 'range' ? 'filter' : scope })
              }
            />
            <span>
              <strong>{name}</strong>
              <span className="faint">{text}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {scopes.length > 1 ? (
        <fieldset className="options export-scopes" disabled={busy}>
          <legend>Records</legend>
          {scopes.map((scope) => (
            <label key={scope}>
              <input type="radio" name="scope" checked={choice.scope === scope} onChange={() => set({ scope })} />
              <strong>{SCOPE_WORDS[scope]}</strong>
            </label>
          ))}
        </fieldset>
      ) : null}
      {choice.scope === 'filter' && !filtered ? (
        <p className="faint">No filter is set: this takes all records. Close, narrow the trail, and export again.</p>
      ) : null}
      {choice.scope === 'range' ? (
        <div className="seq-fields">
          <SeqField label="First record" value={choice.first} hint="1" onChange={(first) => set({ first })} />
          <SeqField label="Last record" value={choice.last} hint="newest" onChange={(last) => set({ last })} />
        </div>
      ) : null}
      <fieldset className="options export-formats" disabled={busy}>
        <legend>Personal values and justifications</legend>
        <label>
          <input type="radio" name="disclose" checked={!choice.disclose} onChange={() => set({ disclose: false })} />
          <span>
            <strong>Withhold</strong>
            <span className="faint">They stay sealed: the file does not say them.</span>
          </span>
        </label>
        <label>
          <input type="radio" name="disclose" checked={choice.disclose} onChange={() => set({ disclose: true })} />
          <span>
            <strong>Include</strong>
            <span className="faint">Whoever has the file can read them. Give it only to those who may.</span>
          </span>
        </label>
      </fieldset>
    </>
  );
}

interface SeqFieldProps {
  readonly label: string;
  readonly value: string;
  readonly hint: string;
  readonly onChange: (value: string) => void;
}

function SeqField({ label, value, hint, onChange }: SeqFieldProps) {
  return (
    <label className="seq-field">
      <span>{label}</span>
      <input
        type="text"
        inputMode="numeric"
        placeholder={hint}
        maxLength={16}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </label>
  );
}

function Exported({ result }: { readonly result: ExportResult }) {
  return (
    <dl className="facts facts-wide">
      <dt>Written</dt>
      <dd className="wrap">{result.file}</dd>
      <dt>Records</dt>
      <dd className="num">
        {formatCount(result.records)} · {formatBytes(result.bytes)}
      </dd>
      <dt>Digest</dt>
      <dd>
        <HashText value={result.digest} what="Digest of the file" />
      </dd>
    </dl>
  );
}
