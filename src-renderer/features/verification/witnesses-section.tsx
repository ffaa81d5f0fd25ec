import type { KnownWitness } from '#shared/ipc/verification-views.ts';
import { useMay } from '../../bridge/access-provider.tsx';
import type { Query } from '../../bridge/use-query.ts';
import { Button, CommandButton } from '../../components/button.tsx';
import { CopyButton, HashText } from '../../components/hash-text.tsx';
import { Panel } from '../../components/panel.tsx';
import { EmptyState, ErrorPanel, Loading } from '../../components/states.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { formatCount } from '../../format/numbers.ts';
import type { WitnessExchange } from './use-witness-exchange.ts';
import { readVkey } from './vkey.ts';
import { WitnessResult } from './witness-result.tsx';

interface WitnessesProps {
  readonly known: Query<readonly KnownWitness[]>;
  readonly exchange: WitnessExchange;
}

/** Who else has seen this chain: other consoles and auditors that cosign its checkpoints, by files. */
export function WitnessesPanel({ known, exchange }: WitnessesProps) {
  const { data } = known;
  const failures = [
    { title: 'No request was made', action: exchange.request },
    { title: 'Nothing was cosigned', action: exchange.cosign },
    { title: 'No cosignature was added', action: exchange.add },
  ];
  return (
    <Panel
      title="Witnesses of this chain"
      className="list-section"
      aside={
        <>
          <CommandButton command="witness.request" busy={exchange.request.busy} busyLabel="Writing a request…" />
          <CommandButton command="witness.add" busy={exchange.add.busy} busyLabel="Adding…" />
        </>
      }
    >
      {failures.map(({ title, action }) =>
        action.error === null ? null : (
          <ErrorPanel key={title} error={action.error} title={title} onDismiss={action.clear} />
        ),
      )}
      {exchange.result === null ? null : <WitnessResult result={exchange.result} onDismiss={exchange.dismiss} />}
      {known.error === null ? null : (
        <ErrorPanel error={known.error} title="The witnesses could not be read" onRetry={known.reload} />
      )}
      {data === null && known.loading ? <Loading what="Reading witnesses…" /> : null}
      {data === null ? null : data.length === 0 ? (
        <EmptyState title="Nobody else has signed this chain">
          <p>
            A witness is another Causeway console or an auditor. They sign that they have seen a checkpoint and that it
            continues the last one they saw: from then on nobody, not even who holds the signing key, can rewrite what
            came before without their noticing.
          </p>
          <ol className="steps">
            <li>Request a cosignature, and give the file to the witness.</li>
            <li>They cosign it and give a file back.</li>
            <li>Add it here, after comparing their key with what they tell you another way.</li>
          </ol>
        </EmptyState>
      ) : (
        <WitnessTable witnesses={data} exchange={exchange} />
      )}
    </Panel>
  );
}

function WitnessTable({ witnesses, exchange }: { witnesses: readonly KnownWitness[]; exchange: WitnessExchange }) {
  const mayManage = useMay('witness.manage');
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Witness</th>
          <th scope="col">Key id</th>
          <th scope="col">Verifier key</th>
          <th scope="col" className="right">
            Cosigned to
          </th>
          <th scope="col">Last cosigned</th>
          <th scope="col">
            <span className="visually-hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {witnesses.map((witness) => (
          <tr key={witness.vkey}>
            <td className="wrap">{witness.name}</td>
            <td>
              <code>{readVkey(witness.vkey).keyId}</code>
            </td>
            <td>
              <HashText value={witness.vkey} what={`Verifier key of ${witness.name}`} />
            </td>
            <td className="right num">{witness.lastSize === null ? '–' : formatCount(witness.lastSize)}</td>
            <td>{witness.lastAt === null ? 'never' : <TimeText iso={witness.lastAt} />}</td>
            <td className="cell-actions">
              {mayManage ? (
                <>
                  <Button
                    look="ghost"
                    label={`Request a cosignature of ${witness.name}…`}
                    onPress={() => void exchange.request.run(witness.name)}
                  >
                    Request…
                  </Button>
                  <Button
                    look="ghost"
                    label={`Remove the witness ${witness.name}…`}
                    onPress={() => exchange.askRemoval(witness)}
                  >
                    Remove…
                  </Button>
                </>
              ) : null}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** This console as a witness of others' chains. */
export function OwnWitnessPanel({ exchange }: { readonly exchange: WitnessExchange }) {
  const { ownKey, showKey } = exchange;
  return (
    <Panel
      title="This console as a witness"
      aside={<CommandButton command="witness.cosign" busy={exchange.cosign.busy} busyLabel="Cosigning…" />}
    >
      <div className="pad stack-tight">
        <p className="sub">
          Somebody gives you the request of their chain: this console checks that it continues the last checkpoint it
          saw of that chain, signs, and remembers it. A chain that was rewritten is refused.
        </p>
        {showKey.error === null ? null : (
          <ErrorPanel error={showKey.error} title="The witness key could not be read" onDismiss={showKey.clear} />
        )}
        {ownKey === null ? (
          <div className="row-actions">
            <CommandButton command="witness.key" busy={showKey.busy} busyLabel="Reading the key…" />
            <span className="faint">Tell it to those whose chains you cosign, another way than by the file.</span>
          </div>
        ) : (
          <dl className="facts facts-wide">
            <dt>Key id</dt>
            <dd>
              <code>{readVkey(ownKey).keyId}</code>
            </dd>
            <dt>Verifier key</dt>
            <dd className="copy-line">
              <code className="wrap">{ownKey}</code>
              <CopyButton value={ownKey} what="Verifier key of this console" />
            </dd>
          </dl>
        )}
      </div>
    </Panel>
  );
}
