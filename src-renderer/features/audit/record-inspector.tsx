import { useEffect } from 'react';
import type { RecordDetail } from '#shared/ipc/views.ts';
import { call } from '../../bridge/call.ts';
import { useQuery } from '../../bridge/use-query.ts';
import { Button } from '../../components/button.tsx';
import { CopyButton } from '../../components/hash-text.tsx';
import { ShapeIcon } from '../../components/shape-icon.tsx';
import { ErrorPanel, Loading } from '../../components/states.tsx';
import { formatCount } from '../../format/numbers.ts';
import type { TrailFilter } from '../../navigation/route.ts';
import { hexLines, parseRecord } from './record-bytes.ts';
import { RecordChecks } from './record-checks.tsx';
import { RecordFacts } from './record-facts.tsx';
import { RecordJson } from './record-json.tsx';
import { sealedOf } from './record-lines.ts';
import { RecordProof } from './record-proof.tsx';

interface RecordInspectorProps {
  readonly seq: number;
  readonly filter: TrailFilter;
  readonly onOpen: (seq: number) => void;
  readonly onClose: () => void;
}

/** One record: what it says, what was checked of it, and its bytes. */
export function RecordInspector({ seq, filter, onOpen, onClose }: RecordInspectorProps) {
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
        <span className="inspector-steps">
          <Button look="ghost" label={`Before: record ${seq - 1}`} disabled={seq <= 1} onPress={() => onOpen(seq - 1)}>
            Before
          </Button>
          <Button look="ghost" label={`After: record ${seq + 1}`} onPress={() => onOpen(seq + 1)}>
            After
          </Button>
          <Button look="ghost" label="Close the record" onPress={onClose}>
            <ShapeIcon shape="cross" />
          </Button>
        </span>
      </header>
      {query.error === null ? null : (
        <ErrorPanel error={query.error} title="The record could not be read" onRetry={query.reload} />
      )}
      {query.data === null ? (
        query.error === null ? (
          <Loading what="Reading and checking the record…" />
        ) : null
      ) : (
        <RecordBody detail={query.data} filter={filter} onOpen={onOpen} />
      )}
    </aside>
  );
}

interface RecordBodyProps extends Pick<RecordInspectorProps, 'filter' | 'onOpen'> {
  readonly detail: RecordDetail;
}

function RecordBody({ detail, filter, onOpen }: RecordBodyProps) {
  const record = parseRecord(detail.bytes);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, the keyboard has to reach it
    <section className="inspector-body" tabIndex={0} aria-label="Contents of the record">
      <div className="pad-tight">
        {record === null ? null : <p className="strong">{record.action}</p>}
        <p className="sub">{detail.description}</p>
      </div>
      <RecordFacts detail={detail} record={record} filter={filter} onOpen={onOpen} />
      <RecordChecks checks={detail.checks} />
      <section aria-label="Contents" className="pad-tight">
        <h3>Contents</h3>
        <SealedNote detail={detail} />
        <RecordJson bytes={detail.bytes} disclosures={detail.disclosures} />
      </section>
      <RecordProof proof={detail.proof} />
      <details className="pad-tight raw">
        <summary>Stored bytes</summary>
        <pre className="wrap">{detail.bytes}</pre>
        <CopyButton value={detail.bytes} what="Stored bytes" />
      </details>
      <details className="pad-tight raw">
        <summary>Stored bytes in hexadecimal</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, the keyboard has to reach it */}
        <section className="hex" tabIndex={0} aria-label="Bytes: offset, hexadecimal, ASCII">
          <pre>{hexLines(detail.bytes).join('\n')}</pre>
        </section>
      </details>
    </section>
  );
}

/** What is sealed in the record, and what has become of it here. */
function SealedNote({ detail }: { readonly detail: RecordDetail }) {
  const { disclosed, missing } = sealedOf(detail.bytes, detail.disclosures);
  if (disclosed + missing === 0) return null;
  const parts = [
    ...(disclosed === 0 ? [] : [`${disclosed} disclosed here, from the encrypted store beside the chain`]),
    ...(missing === 0 ? [] : [`${missing} withheld: erased, or never kept here; the seal stands`]),
  ];
  return <p className="hint">Sealed values: {parts.join('; ')}.</p>;
}
