import { useState } from 'react';
import { call } from '../../bridge/call.ts';
import { useQuery } from '../../bridge/use-query.ts';
import { Button } from '../../components/button.tsx';
import { HashText } from '../../components/hash-text.tsx';
import { ModalDialog } from '../../components/modal-dialog.tsx';
import { ErrorPanel, Loading } from '../../components/states.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { formatBytes, formatCount } from '../../format/numbers.ts';
import { type CitationGroup, nameCitation, wordRows } from './citation-groups.ts';
import { pageRows } from './evidence-pages.ts';

interface EvidenceDialogProps {
  readonly group: CitationGroup;
  readonly onClose: () => void;
}

/** The rows a claim cites, as the cloud answered them. They are the observed system's words: text, and marked as such. */
export function EvidenceDialog({ group, onClose }: EvidenceDialogProps) {
  const [place, setPlace] = useState(0);
  const citation = group[place] ?? group[0];
  const [from, setFrom] = useState(citation.from);
  const choose = (index: number) => {
    setPlace(index);
    setFrom(group[index]?.from ?? 0);
  };
  const page = pageRows(citation, from);
  const query = useQuery(`${citation.digest} ${citation.pointer} ${page.from} ${page.to}`, () =>
    call('evidence.rows', { digest: citation.digest, pointer: citation.pointer, from: page.from, to: page.to }),
  );
  // What was read last stays until the next rows are there, so that the dialog does not jump.
  const [kept, setKept] = useState(query.data);
  if (query.data !== null && query.data !== kept) setKept(query.data);
  const rows = query.error === null ? (query.data ?? kept) : null;
  return (
    <ModalDialog title={rows === null ? 'Evidence' : rows.operation} size="large" onClose={onClose}>
      <div className="dialog-body">
        {group.length === 1 ? null : (
          <label className="place-choice">
            <span className="faint">Place</span>
            <select className="select" value={place} onChange={(event) => choose(Number(event.target.value))}>
              {group.map((each, index) => (
                <option key={nameCitation(each)} value={index}>
                  {index + 1} of {group.length}: {wordRows(each)}
                  {each.pointer === '' ? '' : ` in ${each.pointer}`}
                </option>
              ))}
            </select>
          </label>
        )}
        {query.error === null ? null : (
          <ErrorPanel error={query.error} title="The evidence could not be read" onRetry={query.reload} />
        )}
        {rows === null && query.error === null ? <Loading what="Reading the stored answer…" /> : null}
        {rows === null ? null : (
          <>
            <dl className="facts">
              <dt>Digest</dt>
              <dd>
                <HashText value={rows.digest} what="Digest of the stored answer" /> · {formatBytes(rows.bytes)}
              </dd>
              <dt>Collected</dt>
              <dd>
                <TimeText iso={rows.collectedAt} form="full" />
              </dd>
              <dt>Cited</dt>
              <dd className="num">
                {wordRows(citation)} of {formatCount(rows.total)} in{' '}
                <code className="wrap">{rows.pointer === '' ? '(whole answer)' : rows.pointer}</code>
              </dd>
            </dl>
            <section className="external-box" aria-label="Written by the observed system" aria-busy={query.loading}>
              <p className="external-mark">
                Written by the observed system. Shown as text; nothing in it is a link or a command.
              </p>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the rows scroll, the keyboard has to reach them */}
              <ol className="evidence-rows" tabIndex={0} aria-label="Rows">
                {rows.rows.map((row, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place
                  <li key={rows.from + index}>
                    <span className="num faint">{formatCount(rows.from + index + 1)}</span>
                    <code className="wrap">{row}</code>
                  </li>
                ))}
              </ol>
            </section>
          </>
        )}
      </div>
      <footer className="dialog-foot">
        <span className="foot-note num">
          {rows === null || page.pages < 2 ? '' : `part ${page.page} of ${page.pages}`}
        </span>
        {page.pages < 2 ? null : (
          <>
            <Button disabled={page.page === 1} onPress={() => setFrom(page.previous)}>
              Earlier rows
            </Button>
            <Button disabled={page.page === page.pages} onPress={() => setFrom(page.next)}>
              Later rows
            </Button>
          </>
        )}
        <Button onPress={onClose}>Close</Button>
      </footer>
    </ModalDialog>
  );
}
