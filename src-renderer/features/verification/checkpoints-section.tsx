import { useEffect, useState } from 'react';
import type { CheckpointRow, Cosignature } from '#shared/ipc/verification-views.ts';
import { call } from '../../bridge/call.ts';
import { useConsole } from '../../bridge/console-provider.tsx';
import { useAction } from '../../bridge/use-action.ts';
import { useQuery } from '../../bridge/use-query.ts';
import { Button } from '../../components/button.tsx';
import { HashText } from '../../components/hash-text.tsx';
import { Panel } from '../../components/panel.tsx';
import { StateTag } from '../../components/state-tag.tsx';
import { EmptyState, ErrorPanel, Loading } from '../../components/states.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { formatCount, formatPlural } from '../../format/numbers.ts';
import { countCosigned, joinPages, mayHaveMore, PAGE } from './checkpoint-pages.ts';
import { COSIGNATURE_WORDS } from './standing-words.ts';

/** Signed statements of what the tree of records was, newest first, and who else has signed them. */
export function CheckpointsSection({ round }: { readonly round: number }) {
  const { chain } = useConsole();
  const newest = useQuery('checkpoints', () => call('verification.checkpoints', { limit: PAGE }));
  const [rows, setRows] = useState<readonly CheckpointRow[]>([]);
  const [more, setMore] = useState(false);
  const older = useAction(async () => {
    const page = await call('verification.checkpoints', { before: rows.at(-1)?.size ?? 0, limit: PAGE });
    setRows((shown) => joinPages(shown, page));
    setMore(mayHaveMore(page));
  });
  const { reload, data } = newest;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new checkpoint or cosignature is the request to load again
  useEffect(() => reload(), [reload, chain.checkpoint?.size, round]);
  useEffect(() => {
    if (data === null) return;
    setRows((shown) => {
      if (shown.length <= data.length) setMore(mayHaveMore(data));
      return joinPages(shown, data);
    });
  }, [data]);

  return (
    <Panel
      title="Checkpoints"
      className="list-section"
      aside={
        rows.length === 0 ? undefined : (
          <span className="num">
            {formatPlural(rows.length, 'checkpoint')} shown, {formatCount(countCosigned(rows))} cosigned by a known
            witness
          </span>
        )
      }
    >
      {newest.error === null ? null : (
        <ErrorPanel error={newest.error} title="The checkpoints could not be read" onRetry={reload} />
      )}
      {data === null && newest.loading ? <Loading what="Reading checkpoints…" /> : null}
      {data !== null && rows.length === 0 ? (
        <EmptyState title="No checkpoint yet">
          <p>One is signed when Causeway closes, when the trail is exported, and as the trail grows.</p>
        </EmptyState>
      ) : null}
      {rows.length === 0 ? null : <CheckpointTable rows={rows} />}
      {older.error === null ? null : <ErrorPanel error={older.error} title="Older ones could not be read" />}
      {more ? (
        <div className="pad">
          <Button busy={older.busy} busyLabel="Reading…" onPress={() => void older.run()}>
            Show older checkpoints
          </Button>
        </div>
      ) : null}
    </Panel>
  );
}

function CheckpointTable({ rows }: { readonly rows: readonly CheckpointRow[] }) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col" className="right">
            Records
          </th>
          <th scope="col">Root of the tree</th>
          <th scope="col">Signed</th>
          <th scope="col">Key</th>
          <th scope="col">Cosigned by</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={`${row.size} ${row.root}`}>
            <td className="right num">{formatCount(row.size)}</td>
            <td>
              <HashText value={row.root} what={`Root of ${formatPlural(row.size, 'record')}`} />
            </td>
            <td>
              <TimeText iso={row.at} />
            </td>
            <td>{row.keyId === null ? <span className="faint">not known</span> : <code>{row.keyId}</code>}</td>
            <td>
              {row.cosignatures.length === 0 ? (
                <span className="faint">nobody</span>
              ) : (
                <CosignatureList cosignatures={row.cosignatures} />
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function CosignatureList({ cosignatures }: { readonly cosignatures: readonly Cosignature[] }) {
  return (
    <ul className="cosignatures">
      {cosignatures.map((one) => (
        <li key={`${one.witness} ${one.keyId} ${one.at}`}>
          <StateTag state={COSIGNATURE_WORDS[one.state]} quiet />
          <span className="wrap">{one.witness}</span> <code>{one.keyId}</code> <TimeText iso={one.at} />
        </li>
      ))}
    </ul>
  );
}
