import { type ReactNode, useEffect, useRef } from 'react';
import { Button } from '../../components/button.tsx';
import { ShapeIcon } from '../../components/shape-icon.tsx';

interface RecordedNoteProps {
  readonly title: string;
  readonly children: ReactNode;
  /** Recorded, but others have to act before anything happens. */
  readonly waiting?: boolean;
  /** Where what comes next can be followed. */
  readonly link?: { readonly href: string; readonly text: string };
  readonly onClose: () => void;
}

/** The end of a decision dialog, in place of its form. */
export function RecordedNote({ title, children, waiting = false, link, onClose }: RecordedNoteProps) {
  const close = useRef<HTMLButtonElement>(null);
  useEffect(() => close.current?.focus(), []);
  return (
    <>
      <div className="dialog-body recorded" role="status">
        <span className={waiting ? 'recorded-mark recorded-waiting' : 'recorded-mark'}>
          <ShapeIcon shape={waiting ? 'diamond' : 'check'} />
        </span>
        <div className="stack-tight">
          <strong>{title}</strong>
          <div className="stack-tight">{children}</div>
        </div>
      </div>
      <footer className="dialog-foot">
        <span className="foot-note" />
        {link === undefined ? null : (
          <a className="btn btn-plain" href={link.href} onClick={onClose}>
            {link.text}
          </a>
        )}
        <Button ref={close} onPress={onClose}>
          Close
        </Button>
      </footer>
    </>
  );
}
