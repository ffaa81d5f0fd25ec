import type { HistoryBreak, Standing } from '#shared/ipc/verification-views.ts';
import { CommandButton } from '../../components/button.tsx';
import { CopyButton, HashText } from '../../components/hash-text.tsx';
import { Panel } from '../../components/panel.tsx';
import { PersonText } from '../../components/person-text.tsx';
import { StateTag } from '../../components/state-tag.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { formatCount } from '../../format/numbers.ts';
import { formatRoute } from '../../navigation/route.ts';
import { BREAK_NAMES, wordSource } from './standing-words.ts';

/** Each break of the own history, named for good. */
export function BreaksPanel({ standing }: { readonly standing: Standing }) {
  return (
    <Panel
      title={standing.breaks.length === 1 ? 'The break in this history' : 'The breaks in this history'}
      className="breaks"
      aside={standing.state === 'blocked' ? <CommandButton command="verification.acknowledge" /> : undefined}
    >
      {standing.breaks.map((found) => (
        <BreakFacts key={found.id} found={found} />
      ))}
    </Panel>
  );
}

function BreakFacts({ found }: { readonly found: HistoryBreak }) {
  const { kind, text, seq, bundle, acknowledged } = found;
  return (
    <article className="break" aria-label={BREAK_NAMES[kind]}>
      <header className="break-head">
        <h3>{BREAK_NAMES[kind]}</h3>
        <StateTag
          state={
            acknowledged === null
              ? { word: 'Not acknowledged', tone: 'bad', shape: 'cross' }
              : { word: 'Acknowledged', tone: 'warn', shape: 'diamond' }
          }
        />
      </header>
      <p className="wrap">{text}</p>
      <dl className="facts facts-wide">
        <dt>Shown by</dt>
        <dd className="wrap">{wordSource(found.source)}</dd>
        <dt>Found</dt>
        <dd>
          <TimeText iso={found.foundAt} />
        </dd>
        {seq === null ? null : (
          <>
            <dt>From record</dt>
            <dd>
              <a className="num" href={formatRoute({ screen: 'audit', filter: {}, seq })}>
                {formatCount(seq)}
              </a>
            </dd>
          </>
        )}
        <dt>Evidence</dt>
        <dd>
          {bundle === null ? (
            'The bundle could not be written: see the disk, then start again.'
          ) : (
            <div className="copy-line">
              <code className="wrap">{bundle.file}</code>
              <CopyButton value={bundle.file} what="Path of the bundle" />
            </div>
          )}
        </dd>
        {bundle === null ? null : (
          <>
            <dt>Its digest</dt>
            <dd>
              <HashText value={bundle.digest} what="Digest of the bundle" />
            </dd>
          </>
        )}
        {acknowledged === null ? null : (
          <>
            <dt>Acknowledged</dt>
            <dd>
              by <PersonText id={acknowledged.by} />, <TimeText iso={acknowledged.at} />, in record{' '}
              <a className="num" href={formatRoute({ screen: 'audit', filter: {}, seq: acknowledged.seq })}>
                {formatCount(acknowledged.seq)}
              </a>
            </dd>
          </>
        )}
      </dl>
    </article>
  );
}
