import { type ReactNode, useState } from 'react';
import { Dialog } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { PopoverPlace } from './popover.tsx';
import { useFocusHome } from './use-focus-home.ts';

interface ModalDialogProps {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly size?: 'small' | 'medium' | 'large';
  /** While true neither Escape nor a click beside it closes the dialog: something is being written. */
  readonly locked?: boolean;
  /** Whether a click beside the dialog closes it. Never for decisions. */
  readonly dismissable?: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A modal dialog that is open while it is rendered; the focus goes back to where it was when it closes. */
export function ModalDialog({ title, lead, size = 'medium', locked = false, ...props }: ModalDialogProps) {
  const [place, setPlace] = useState<Element | null>(null);
  useFocusHome();
  return (
    <ModalOverlay
      className="scrim"
      isOpen
      isDismissable={(props.dismissable ?? true) && !locked}
      isKeyboardDismissDisabled={locked}
      onOpenChange={(open) => {
        if (!open && !locked) props.onClose();
      }}
    >
      <Modal className={`modal modal-${size}`}>
        <Dialog className="dialog">
          <div className="dialog-head">
            <Heading slot="title" level={2} className="external-wrap">
              {title}
            </Heading>
            {lead === undefined ? null : <div className="dialog-lead">{lead}</div>}
          </div>
          <PopoverPlace value={place}>{props.children}</PopoverPlace>
          <div ref={setPlace} className="popover-place" />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
