import { formatPlural } from '../../format/numbers.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';
import type { TrustAsked, WitnessExchange } from './use-witness-exchange.ts';

/** The first meeting with a key: it is shown in full, to be compared with what its owner says another way. */
export function TrustDialog({ asked, exchange }: { readonly asked: TrustAsked; readonly exchange: WitnessExchange }) {
  const common = {
    busy: exchange.trust.busy,
    error: exchange.trust.error,
    onConfirm: () => void exchange.trust.run(),
    onClose: exchange.forget,
  };
  if (asked.of === 'chain') {
    const { chain, tenant, keyId, size } = asked.chain;
    return (
      <ConfirmDialog
        {...common}
        title="Cosign a chain this console has not seen?"
        lead="Ask its owner for the key id another way than by this file: by voice, in person. Only if both are the same is this their chain."
        action="They are the same: cosign…"
        failed="Nothing was cosigned"
      >
        <p className="fingerprint">
          <span className="faint">Id of the key the chain began with</span>
          <code className="wrap">{keyId}</code>
        </p>
        <dl className="facts facts-wide">
          <dt>Chain</dt>
          <dd>
            <code className="wrap">{chain}</code>
          </dd>
          <dt>Workspace</dt>
          <dd className="wrap">{tenant} (as the file says)</dd>
          <dt>Records</dt>
          <dd className="num">{formatPlural(size, 'record')}</dd>
        </dl>
        <p className="sub">
          From then on this console refuses every checkpoint of this chain that does not continue what it has seen.
        </p>
      </ConfirmDialog>
    );
  }
  const { name, keyId, vkey } = asked.witness;
  return (
    <ConfirmDialog
      {...common}
      title="Trust a witness this console does not know?"
      lead="Ask the witness for its verifier key another way than by this file: by voice, in person. Only if both are the same did they sign."
      action="They are the same: trust it"
      failed="The witness was not added"
    >
      <p className="fingerprint">
        <span className="faint">Verifier key of the witness</span>
        <code className="wrap">{vkey}</code>
      </p>
      <dl className="facts facts-wide">
        <dt>Name</dt>
        <dd className="wrap">{name} (as the file says)</dd>
        <dt>Key id</dt>
        <dd>
          <code>{keyId}</code>
        </dd>
      </dl>
      <p className="sub">Its cosignatures then count as verified, here and in exports checked with this key.</p>
    </ConfirmDialog>
  );
}
