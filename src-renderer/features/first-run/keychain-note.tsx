import { useAccess } from '../../bridge/access-provider.tsx';
import { ShapeIcon } from '../../components/shape-icon.tsx';

/** Where the keys of the workspaces are kept, and a warning where they are not kept for long. */
export function KeychainNote() {
  const { keychain } = useAccess().state;
  if (keychain.durable) {
    return (
      <p className="key-note">
        <ShapeIcon shape="check" />
        <span className="wrap">
          Keys are kept in <strong>{keychain.description}</strong>; the data stays on this computer.
        </span>
      </p>
    );
  }
  return (
    <p className="key-note key-note-warn" role="note">
      <ShapeIcon shape="bang" />
      <span className="wrap">
        <strong>Keys are lost when Causeway closes.</strong> They are kept in {keychain.description}, which does not
        last: a workspace made now cannot be opened again afterwards. Use it to look around only.
      </span>
    </p>
  );
}
