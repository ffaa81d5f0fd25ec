import type { SigningKey } from '#shared/ipc/verification-views.ts';
import type { Query } from '../../bridge/use-query.ts';
import { CommandButton } from '../../components/button.tsx';
import { Panel } from '../../components/panel.tsx';
import { StateTag } from '../../components/state-tag.tsx';
import { EmptyState, ErrorPanel, Loading } from '../../components/states.tsx';
import { formatCount } from '../../format/numbers.ts';
import { formatRoute } from '../../navigation/route.ts';

/** The keys that sign the trail, newest first. */
export function KeysSection({ keys }: { readonly keys: Query<readonly SigningKey[]> }) {
  const { data } = keys;
  return (
    <Panel title="Signing keys" className="list-section" aside={<CommandButton command="verification.rotateKey" />}>
      {keys.error === null ? null : (
        <ErrorPanel error={keys.error} title="The keys could not be read" onRetry={keys.reload} />
      )}
      {data === null && keys.loading ? <Loading what="Reading keys…" /> : null}
      {data === null ? null : data.length === 0 ? (
        <EmptyState title="No key has signed yet">
          <p>The first record introduces the first key.</p>
        </EmptyState>
      ) : (
        <KeyTable keys={data} />
      )}
      <p className="pad sub">
        Each key is introduced by a record that the key before it signed, so that the chain itself says which key counts
        from where.
      </p>
    </Panel>
  );
}

function KeyTable({ keys }: { readonly keys: readonly SigningKey[] }) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Key</th>
          <th scope="col">Algorithm</th>
          <th scope="col" className="right">
            From record
          </th>
          <th scope="col" className="right">
            To record
          </th>
          <th scope="col">Private key</th>
          <th scope="col">State</th>
        </tr>
      </thead>
      <tbody>
        {keys.toReversed().map((key) => (
          <tr key={`${key.id} ${key.fromSeq}`}>
            <td>
              <code className="wrap">{key.id}</code>
            </td>
            <td>{key.alg}</td>
            <td className="right num">
              <a href={formatRoute({ screen: 'audit', filter: {}, seq: key.fromSeq })}>{formatCount(key.fromSeq)}</a>
            </td>
            <td className="right num">{key.toSeq === null ? '–' : formatCount(key.toSeq)}</td>
            <td className="wrap">{key.where ?? <span className="faint">no longer kept</span>}</td>
            <td>
              <StateTag
                quiet
                state={
                  key.toSeq === null
                    ? { word: 'Signs', tone: 'good', shape: 'check' }
                    : { word: 'Before', tone: 'calm', shape: 'dash' }
                }
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
