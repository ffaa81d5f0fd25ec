import { useState } from 'react';
import type { Citation } from '#shared/model/evidence.ts';
import { call } from '../../bridge/call.ts';
import { useQuery } from '../../bridge/use-query.ts';
import { Button } from '../../components/button.tsx';
import { HashText } from '../../components/hash-text.tsx';
import { ModalDialog } from '../../components/modal-dialog.tsx';
import { ErrorPanel, Loading } from '../../components/states.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { formatBytes, formatCount } from '../../format/numbers.ts';
import { pageRows } from './evidence-pages.ts';

interface EvidenceDialogProps {
  readonly citation: Citation;
  readonly onClose: () => void;
}

/** The rows a claim cites, as the cloud answered them. They are the observed system's words: text, and marked as such. */
export function EvidenceDialog({ citation, onClose }: EvidenceDialogProps) {
  const [from, setFrom] = useState(citation.from);
  const page = pageRows(citation, from);
  const query = useQuery(`${citation.digest} ${citation.pointer} ${page.from} ${page.to}`, () =>
    call('evidence.rows', { digest: citation.digest, pointer: citation.pointer, from: page.from, to: page.to }),
  );
  const rows = query.data;
  return (
    <ModalDialog title={rows === null ? 'Evidence' : rows.operation} size="large" onClose={onClose}>
      <div className="dialog-body">
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
                rows {formatCount(citation.from + 1)} to {formatCount(citation.to)} of {formatCount(rows.total)} in{' '}
                <code className="wrap">{rows.pointer === '' ? '(whole answer)' : rows.pointer}</code>
              </dd>
            </dl>
            <section className="external-box" aria-label="Written by the observed system">
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
