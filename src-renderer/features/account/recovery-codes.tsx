import { useEffect, useId, useRef, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { CopyButton } from '../../components/hash-text.tsx';

interface RecoveryCodesProps {
  readonly codes: readonly string[];
  readonly onKept: () => void;
}

/** The ten codes, shown this once. One goes on only after saying that they are kept. */
export function RecoveryCodesView({ codes, onKept }: RecoveryCodesProps) {
  const [kept, setKept] = useState(false);
  const id = useId();
  const list = useRef<HTMLOListElement>(null);
  // what was pressed to come here has gone
  useEffect(() => list.current?.focus(), []);
  return (
    <div className="entry-form">
      <p>
        Each of these codes signs you in once in place of the authenticator, should you lose it. They are shown{' '}
        <strong>only now</strong>: keep them where you keep passwords, or on paper.
      </p>
      <ol ref={list} tabIndex={-1} className="recovery-codes" aria-label="Recovery codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      <div className="entry-actions">
        <CopyButton value={codes.join('\n')} what="Recovery codes" />
      </div>
      <label className="check" htmlFor={id}>
        <input id={id} type="checkbox" checked={kept} onChange={(event) => setKept(event.currentTarget.checked)} />I
        have kept these codes
      </label>
      <div className="entry-actions">
        <Button look="primary" disabled={!kept} onPress={onKept}>
          Go on
        </Button>
      </div>
    </div>
  );
}
