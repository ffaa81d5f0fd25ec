import type { RecordDetail } from '#shared/ipc/views.ts';
import { HashText } from '../../components/hash-text.tsx';
import { ShapeIcon } from '../../components/shape-icon.tsx';

const CHECK_LOOKS = {
  holds: { tone: 'tone-good', shape: 'check', word: 'Holds' },
  fails: { tone: 'tone-bad', shape: 'cross', word: 'Failed' },
  open: { tone: 'tone-calm', shape: 'ring', word: 'Open' },
} as const;

/** What was checked of a record when it was opened, and how it came out. */
export function RecordChecks({ checks }: Pick<RecordDetail, 'checks'>) {
  const failed = checks.filter((check) => check.state === 'fails').length;
  const open = checks.filter((check) => check.state === 'open').length;
  return (
    <section aria-label="Checks" className="pad-tight">
      <h3>
        {failed === 0
          ? `Checked just now: ${open === 0 ? 'all hold' : `${open} cannot be said yet, the others hold`}`
          : `Checked just now: ${failed} of ${checks.length} failed`}
      </h3>
      <ul className="checks">
        {checks.map((check) => (
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
