import { contextBridge, ipcRenderer } from 'electron';
import { EVENT_CHANNEL, INVOKE_CHANNEL } from '#shared/ipc/channel-names.ts';
import type { CausewayBridge } from '#shared/ipc/contract.ts';

/**
 * All the page gets of the main process. The channel's name goes along as an argument, so that the page cannot reach any
 * other channel of the application; what it may ask is decided on the other side. Event objects stay here: their
 * `sender` would be a way to all of IPC.
 */
const bridge: CausewayBridge = {
  invoke: (channel, input) => ipcRenderer.invoke(INVOKE_CHANNEL, channel, input),
  subscribe: (listener) => {
    const forward = (_event: unknown, payload: unknown) => listener(payload);
    ipcRenderer.on(EVENT_CHANNEL, forward);
    return () => {
      ipcRenderer.off(EVENT_CHANNEL, forward);
    };
  },
};

contextBridge.exposeInMainWorld('causeway', Object.freeze(bridge));
