import { useEffect } from 'react';
import type { RecordDetail } from '#shared/ipc/views.ts';
import { type AuditRecord, RecordEnvelope } from '#shared/model/audit-record.ts';
import { call } from '../../bridge/call.ts';
import { useQuery } from '../../bridge/use-query.ts';
import { Button } from '../../components/button.tsx';
import { CopyButton, HashText } from '../../components/hash-text.tsx';
import { ShapeIcon } from '../../components/shape-icon.tsx';
import { ErrorPanel, Loading } from '../../components/states.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { formatCount } from '../../format/numbers.ts';
import { formatUtc } from '../../format/times.ts';
import { formatRoute } from '../../navigation/route.ts';
import { RecordJson } from './record-json.tsx';

interface RecordInspectorProps {
  readonly seq: number;
  readonly onClose: () => void;
}

/** One record: what it says, what was checked of it, and its bytes. */
export function RecordInspector({ seq, onClose }: RecordInspectorProps) {
  const query = useQuery(`record ${seq}`, () => call('trail.record', { seq }));
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented && document.querySelector('[role="dialog"]') === null)
        onClose();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [onClose]);
  return (
    <aside className="panel inspector" aria-label={`Record ${seq}`}>
      <header className="panel-head">
        <h2>Record {formatCount(seq)}</h2>
        <Button look="ghost" label="Close the record" onPress={onClose}>
          <ShapeIcon shape="cross" />
        </Button>
      </header>
      {query.error === null ? null : (
        <ErrorPanel error={query.error} title="The record could not be read" onRetry={query.reload} />
      )}
      {query.data === null ? (
        query.error === null ? (
          <Loading what="Reading and checking the record…" />
        ) : null
      ) : (
        <RecordBody detail={query.data} />
      )}
    </aside>
  );
}

const CHECK_LOOKS = {
  holds: { tone: 'tone-good', shape: 'check', word: 'Holds' },
  fails: { tone: 'tone-bad', shape: 'cross', word: 'Failed' },
  open: { tone: 'tone-calm', shape: 'ring', word: 'Open' },
} as const;

function RecordBody({ detail }: { readonly detail: RecordDetail }) {
  const record = parseRecord(detail.bytes);
  const failed = detail.checks.filter((check) => check.state === 'fails').length;
  const open = detail.checks.filter((check) => check.state === 'open').length;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, the keyboard has to reach it
    <section className="inspector-body" tabIndex={0} aria-label="Contents of the record">
      <div className="pad-tight">
        {record === null ? null : <p className="strong">{record.action}</p>}
        <p className="sub">{detail.description}</p>
      </div>
      <dl className="facts pad-tight">
        {record === null ? null : (
          <>
            <dt>Time</dt>
            <dd>
              <TimeText iso={record.time} />
              <br />
              <span className="faint">{formatUtc(new Date(record.time))}</span>
            </dd>
            <dt>Actor</dt>
            <dd>
              <span className="faint">{record.actor.type}</span> {record.actor.id}
              {record.onBehalfOf === undefined ? null : (
                <>
                  {' '}
                  for <span className="faint">{record.onBehalfOf.type}</span> {record.onBehalfOf.id}
                </>
              )}
            </dd>
            <dt>Target</dt>
            <dd>
              <span className="faint">{record.target.type}</span> <code className="wrap">{record.target.id}</code>
            </dd>
            {record.links?.incident === undefined ? null : (
              <>
                <dt>Incident</dt>
                <dd>
                  <a href={formatRoute({ screen: 'incident', incident: record.links.incident })}>
                    {record.links.incident}
                  </a>
                </dd>
              </>
            )}
          </>
        )}
        <dt>Hash</dt>
        <dd>
          <HashText value={detail.hash} what="Hash" />
        </dd>
        {record === null ? null : (
          <>
            <dt>Previous</dt>
            <dd>
              {record.seq === 1 ? (
                <span className="faint">none, the first record</span>
              ) : (
                <HashText value={record.prev} what="Previous hash" />
              )}
            </dd>
            <dt>Key</dt>
            <dd>
              <code>{record.key}</code>
            </dd>
          </>
        )}
        <dt>Signature</dt>
        <dd>
          <HashText value={detail.sig} what="Signature" />
        </dd>
      </dl>
      <section aria-label="Checks" className="pad-tight">
        <h3>
          {failed === 0
            ? `Checked just now: ${open === 0 ? 'all hold' : `${open} cannot be said yet, the others hold`}`
            : `Checked just now: ${failed} of ${detail.checks.length} failed`}
        </h3>
        <ul className="checks">
          {detail.checks.map((check) => (
            <li key={check.name} className={CHECK_LOOKS[check.state].tone}>
              <ShapeIcon shape={CHECK_LOOKS[check.state].shape} />
              <span>
                <span className="check-word">{CHECK_LOOKS[check.state].word}</span> {check.name}
                {check.detail === '' ? null : (
                  <span className="faint wrap">
                    : <WithHashes text={check.detail} />
                  </span>
                )}
              </span>
            </li>
          ))}
        </ul>
      </section>
      <section aria-label="Contents" className="pad-tight">
        <h3>Contents</h3>
        <RecordJson bytes={detail.bytes} disclosures={detail.disclosures} />
      </section>
      <details className="pad-tight raw">
        <summary>Stored bytes</summary>
        <pre className="wrap">{detail.bytes}</pre>
        <CopyButton value={detail.bytes} what="Stored bytes" />
      </details>
    </section>
  );
}

/** A sentence with the hashes in it shortened, each a click away in full. */
function WithHashes({ text }: { readonly text: string }) {
  return text.split(/\b([0-9a-f]{64})\b/).map((part, index) =>
    index % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence have no identity but their place
      <HashText key={index} value={part} what="Hash" />
    ) : (
      part
    ),
  );
}

/** The record's members, or null when its bytes are damaged: then the checks say so and the bytes are shown. */
function parseRecord(bytes: string): AuditRecord | null {
  try {
    return RecordEnvelope.safeParse(JSON.parse(bytes)).data ?? null;
  } catch {
    return null;
  }
}
