import { shortDigest } from '../../format/digests.ts';
import { type Disclosure, linesOfRecord, type RecordLine } from './record-lines.ts';

interface RecordJsonProps {
  readonly bytes: string;
  readonly disclosures: readonly Disclosure[];
}

/** The record as indented JSON; sealed values say whether they are disclosed here. */
export function RecordJson({ bytes, disclosures }: RecordJsonProps) {
  let lines: readonly RecordLine[];
  try {
    lines = linesOfRecord(bytes, disclosures);
  } catch {
    return <p className="hint-bad">The stored bytes are not JSON. They are below as they are.</p>;
  }
  return (
    <pre className="json">
      {lines.map((line) => (
        <span key={line.path} className="json-line" style={{ paddingInlineStart: `${line.depth * 14}px` }}>
          {line.name === null ? null : <span className="json-name">{line.name}: </span>}
          {line.sealed === undefined ? <span className="json-value">{line.text}</span> : <SealedValue line={line} />}
        </span>
      ))}
    </pre>
  );
}

function SealedValue({ line }: { readonly line: RecordLine }) {
  const { sealed = null, text } = line;
  return sealed === null ? (
    <span className="sealed" title={text}>
      sealed {shortDigest(text)} · withheld
    </span>
  ) : (
    <span title={text}>
      <span className="sealed">sealed · disclosed: </span>
      <span className="json-value external-wrap">{sealed}</span>
    </span>
  );
}
