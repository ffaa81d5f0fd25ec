import { createContext, type ReactNode, useContext } from 'react';
import { Popover as AriaPopover } from 'react-aria-components/Popover';

/** Where popovers opened from inside a modal dialog go: everything beside an open dialog is inert. */
export const PopoverPlace = createContext<Element | null>(null);

interface PopoverProps {
  readonly placement: 'bottom start' | 'bottom end';
  readonly children: ReactNode;
}

/** A popover inside its dialog, or in the page's landmark for them: what is outside every landmark is hard to find. */
export function Popover({ placement, children }: PopoverProps) {
  const container = useContext(PopoverPlace) ?? document.getElementById('popovers');
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
