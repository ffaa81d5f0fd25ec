import type { ProtectionRequest } from '#shared/ipc/protection-views.ts';
import type { Standing, WitnessFolder } from '#shared/ipc/verification-views.ts';
import type { Action } from '../../bridge/use-action.ts';
import { WaitingDialog } from '../access/waiting-dialog.tsx';
import type { Justified } from '../approvals/justified-form.tsx';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { ReasonDialog } from './reason-dialog.tsx';
import { BREAK_NAMES } from './standing-words.ts';
import { TrustDialog } from './trust-dialog.tsx';
import type { WitnessExchange } from './use-witness-exchange.ts';

export type OpenDialog =
  | { readonly kind: 'acknowledge' }
  | { readonly kind: 'rotate' }
  | { readonly kind: 'waiting'; readonly request: ProtectionRequest }
  | { readonly kind: 'remove-folder'; readonly folder: WitnessFolder };

interface DialogsProps {
  readonly open: OpenDialog | null;
  readonly standing: Standing | null;
  readonly keyId: string;
  readonly acknowledging: Action<readonly [Justified, readonly string[]]>;
  readonly rotating: Action<readonly [Justified]>;
  readonly removingFolder: Action<readonly [string]>;
  readonly exchange: WitnessExchange;
  readonly onClose: () => void;
}

/** The dialog that is open, if one is. */
export function VerificationDialogs(props: DialogsProps) {
  const { open, exchange, onClose } = props;
  if (exchange.asked !== null) return <TrustDialog asked={exchange.asked} exchange={exchange} />;
  if (exchange.removing !== null) return <RemoveWitness exchange={exchange} />;
  if (open === null) return null;
  switch (open.kind) {
    case 'acknowledge':
      return <AcknowledgeDialog {...props} />;
    case 'rotate':
      return <RotateDialog {...props} />;
    case 'waiting':
      return <WaitingDialog request={open.request} onClose={onClose} />;
    case 'remove-folder':
      return (
        <ConfirmDialog
          title="Stop giving this folder the checkpoints?"
          action="Remove the folder"
          look="reject"
          busy={props.removingFolder.busy}
          error={props.removingFolder.error}
          failed="The folder was not removed"
          onConfirm={() => void props.removingFolder.run(open.folder.path)}
          onClose={onClose}
        >
          <p className="fingerprint">
            <code className="wrap">{open.folder.path}</code>
          </p>
          <p className="sub">
            What is in it stays there. A history that is put back later will no longer be told by it. The removal goes
            on record.
          </p>
        </ConfirmDialog>
      );
  }
}

function AcknowledgeDialog({ standing, acknowledging, onClose }: DialogsProps) {
  const breaks = standing?.breaks.filter(({ acknowledged }) => acknowledged === null) ?? [];
  return (
    <ReasonDialog
      title={breaks.length === 1 ? 'Take note of the break and go on?' : 'Take note of the breaks and go on?'}
      lead="You say that you know of what contradicts this history, and that the trail may go on in spite of it."
      action="Acknowledge and go on"
      look="reject"
      busy={acknowledging.busy}
      error={acknowledging.error}
      failed="The break was not acknowledged"
      onConfirm={(given) =>
        void acknowledging.run(
          given,
          breaks.map(({ id }) => id),
        )
      }
      onClose={onClose}
    >
      <ul className="break-list">
        {breaks.map((found) => (
          <li key={found.id}>
            <strong>{BREAK_NAMES[found.kind]}.</strong> <span className="wrap">{found.text}</span>
          </li>
        ))}
      </ul>
      <h3>What it means</h3>
      <ul className="meaning">
        <li>
          <strong>Two people are needed.</strong> You ask for it; it takes effect when another person agrees to exactly
          these breaks within 24 hours. In a workspace of one human it takes effect at once.
        </li>
        <li>
          Then records are written again, beginning with this one: both names, both reasons, the digest of the evidence.
        </li>
        <li>
          Work that waited is then brought to its end: proposals that ran out are denied, what was begun is recorded.
        </li>
        <li>
          <strong>The break stays named for good</strong>: on this screen and in every verification of this workspace.
          It cannot be taken back.
        </li>
        <li>Nothing that is missing or altered comes back. Keep the evidence, and find out what happened first.</li>
      </ul>
    </ReasonDialog>
  );
}

function RotateDialog({ keyId, rotating, onClose }: DialogsProps) {
  return (
    <ReasonDialog
      title="Hand the trail to a new signing key?"
      lead="A new Ed25519 key is made in the keychain. The old one introduces it, and signs nothing after that."
      action="Rotate the key"
      look="primary"
      busy={rotating.busy}
      error={rotating.error}
      failed="The key was not rotated: the old one goes on"
      onConfirm={(given) => void rotating.run(given)}
      onClose={onClose}
    >
      <dl className="facts facts-wide">
        <dt>Signs now</dt>
        <dd>
          <code className="wrap">{keyId}</code>
        </dd>
      </dl>
      <p>
        <strong>Two people are needed.</strong> You ask for it; the key is rotated when another person agrees within 24
        hours. In a workspace of one human that happens at once.
      </p>
      <p className="sub">
        What the old key signed stays valid. For a key in a KMS use the terminal: <code>causeway keys rotate</code>.
      </p>
    </ReasonDialog>
  );
}

function RemoveWitness({ exchange }: { readonly exchange: WitnessExchange }) {
  const { removing, remove } = exchange;
  if (removing === null) return null;
  return (
    <ConfirmDialog
      title="Forget this witness?"
      action="Remove the witness"
      look="reject"
      busy={remove.busy}
      error={remove.error}
      failed="The witness was not removed"
      onConfirm={() => void remove.run(removing.name)}
      onClose={() => exchange.askRemoval(null)}
    >
      <p className="fingerprint">
        <span className="wrap">{removing.name}</span>
        <code className="wrap">{removing.vkey}</code>
      </p>
      <p className="sub">
        Cosignatures it gave stay, as those of a key that is not known. It is asked about again when it answers next.
        The removal goes on record.
      </p>
    </ConfirmDialog>
  );
}
