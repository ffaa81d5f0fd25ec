import { Button as AriaButton } from 'react-aria-components/Button';
import { Dialog, DialogTrigger } from 'react-aria-components/Dialog';
import { shortDigest } from '../format/digests.ts';
import { Button } from './button.tsx';
import { Popover } from './popover.tsx';
import { useToasts } from './toasts.tsx';

interface HashTextProps {
  readonly value: string;
  /** What the value is: "Plan digest". Names the button and the popover. */
  readonly what: string;
}

/** A hash shortened to its ends; the full value a click away and copyable. */
export function HashText({ value, what }: HashTextProps) {
  return (
    <DialogTrigger>
      <AriaButton className="hash">
        <span className="visually-hidden">{what} </span>
        {shortDigest(value)}
      </AriaButton>
      <Popover placement="bottom start">
        <Dialog className="popover-body" aria-label={`${what} in full`}>
          <span className="faint">{what}</span>
          <code className="wrap">{value}</code>
          <CopyButton value={value} what={what} />
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

export function CopyButton({ value, what }: HashTextProps) {
  const toasts = useToasts();
  const copy = () => {
    navigator.clipboard.writeText(value).then(
      () => toasts.say(`${what} copied`),
      () => toasts.say(`${what} could not be copied: select the text and copy it by hand`, 'bad'),
    );
  };
  return <Button onPress={copy}>Copy</Button>;
}
