import { formatPlural } from '../../format/numbers.ts';
import { type DiffLine, foldDiff } from './line-diff.ts';

const SIGNS = { same: ' ', added: '+', removed: '−' } as const;
const SAID = { same: '', added: 'added: ', removed: 'removed: ' } as const;

/** A difference line by line: told by sign and word before colour. Long unchanged stretches are told by their length. */
export function DiffView({ lines, label }: { readonly lines: readonly DiffLine[]; readonly label: string }) {
  const folded = foldDiff(lines);
  if (!lines.some(({ kind }) => kind !== 'same')) return <p className="sub">No line differs.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    <section className="line-diff" tabIndex={0} aria-label={label}>
      {folded.map((line, index) =>
        line.kind === 'gap' ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines are told apart by their place alone
          <div key={index} className="line-gap">
            {formatPlural(line.lines, 'line')} as before
          </div>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines are told apart by their place alone
          <div key={index} className={`line-${line.kind}`}>
            <span className="line-sign" aria-hidden="true">
              {SIGNS[line.kind]}
            </span>
            <span>
              {line.kind === 'same' ? null : <span className="visually-hidden">{SAID[line.kind]}</span>}
              {line.text === '' ? ' ' : line.text}
            </span>
          </div>
        ),
      )}
    </section>
  );
}
