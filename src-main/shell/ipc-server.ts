import type { IpcMain, WebContents } from 'electron';
import type { Log } from '#main/platform/log.ts';
import { EVENT_CHANNEL, INVOKE_CHANNEL } from '#shared/ipc/channel-names.ts';
import { ConsoleEvent } from '#shared/ipc/contract.ts';
import { answerCall, type IpcDoor } from './ipc-answer.ts';

/** Opens the one IPC door there is. */
export function serveIpc(ipcMain: Pick<IpcMain, 'handle'>, door: IpcDoor): void {
  ipcMain.handle(INVOKE_CHANNEL, (event, channel: unknown, input: unknown) => answerCall(door, event, channel, input));
}

/**
 * The listener that pushes the console's events to the windows we made. An event of another shape than agreed is a
 * mistake of ours: logged, and not sent.
 */
export function createEventPush(
  contents: () => readonly Pick<WebContents, 'send' | 'isDestroyed' | 'isCrashed'>[],
  log: Log,
): (event: unknown) => void {
  return (event) => {
    const parsed = ConsoleEvent.safeParse(event);
    if (!parsed.success) {
      log.error({ err: parsed.error }, 'event of unknown shape not sent');
      return;
    }
    for (const target of contents())
      if (!target.isDestroyed() && !target.isCrashed()) target.send(EVENT_CHANNEL, parsed.data);
  };
}
