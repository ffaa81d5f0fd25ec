import { isConsoleUrl } from './console-url.ts';

/** The parts of an IPC event that tell who asks; Electron's own event fits. */
export interface SenderEvent {
  readonly sender: { readonly id: number };
  /** Null when the frame has gone away meanwhile. */
  readonly senderFrame: { readonly url: string; readonly parent: unknown } | null;
}

/** Whether a call comes from the top frame of a window of ours that shows the console, and from nowhere else. */
export function isTrustedSender(event: SenderEvent, isKnownWindow: (contentsId: number) => boolean): boolean {
  const frame = event.senderFrame;
  return isKnownWindow(event.sender.id) && frame !== null && frame.parent === null && isConsoleUrl(frame.url);
}
