import type { ReactNode } from 'react';
import { Popover as AriaPopover } from 'react-aria-components/Popover';

interface PopoverProps {
  readonly placement: 'bottom start' | 'bottom end';
  readonly children: ReactNode;
}

/** A popover inside the page's landmark for them: content outside every landmark is hard to find by screen reader. */
export function Popover({ placement, children }: PopoverProps) {
  const container = document.getElementById('popovers');
  return (
    <AriaPopover
      className="popover"
      placement={placement}
      {...(container === null ? {} : { UNSTABLE_portalContainer: container })}
    >
      {children}
    </AriaPopover>
  );
}
