import type { RecordDetail } from '#shared/ipc/views.ts';
import { CopyButton } from '../../components/hash-text.tsx';
import { formatCount, formatPlural } from '../../format/numbers.ts';

/** The proof that the record is in the newest signed checkpoint, to be copied and checked elsewhere (RFC 6962). */
export function RecordProof({ proof }: Pick<RecordDetail, 'proof'>) {
  if (proof === null) return null;
  const { index, size, root, hashes, note } = proof;
  return (
    <details className="pad-tight raw">
      <summary>
        Inclusion proof: {formatPlural(hashes.length, 'hash', 'hashes')} to the root of {formatCount(size)} records
      </summary>
      <dl className="facts">
        <dt>Leaf</dt>
        <dd className="num">
          {formatCount(index)} of {formatCount(size)}, from 0
        </dd>
        <dt>Root</dt>
        <dd>
          <code className="wrap">{root}</code>
        </dd>
      </dl>
      <ol className="proof-hashes" aria-label="Hashes from the leaf up">
        {hashes.map((hash, level) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a hash of the proof is its place in it
          <li key={level}>
            <code>{hash}</code>
          </li>
        ))}
      </ol>
      <p className="hint">The checkpoint it leads to, as it was signed:</p>
      <pre>{note}</pre>
      <CopyButton value={JSON.stringify(proof, null, 2)} what="Inclusion proof" />
    </details>
  );
}
