// Runs in the page before its own scripts and gives the real preload what Electron's sandbox would: contextBridge and
// ipcRenderer. The two words in capitals below are replaced: by the name of the binding and by the preload's text.
// Nothing is left on the window afterwards but what the preload exposes.
(() => {
  const call = globalThis.HOST;
  delete globalThis.HOST;
  if (globalThis.top !== globalThis || location.protocol !== 'https:') return;

  const listeners = new Map();
  const ipcRenderer = Object.freeze({
    invoke: (channel, ...values) => call('invoke', [channel, values]),
    on: (channel, listener) => {
      listeners.set(channel, [...(listeners.get(channel) ?? []), listener]);
      return ipcRenderer;
    },
    off: (channel, listener) => {
      listeners.set(
        channel,
        (listeners.get(channel) ?? []).filter((other) => other !== listener),
      );
      return ipcRenderer;
    },
  });

  const copy = (value) => {
    if (typeof value === 'function') return (...values) => copy(value(...values));
    if (value instanceof Promise || typeof value !== 'object' || value === null) return value;
    const copied = Array.isArray(value) ? [] : {};
    for (const key of Object.keys(value)) copied[key] = copy(value[key]);
    return Object.freeze(copied);
  };
  const contextBridge = Object.freeze({
    exposeInMainWorld: (key, api) => {
      if (key in globalThis) throw new Error(`Cannot bind an API on top of an existing property: ${key}`);
      Object.defineProperty(globalThis, key, { value: copy(api), enumerable: true });
    },
  });

  const require = (name) => {
    if (name === 'electron') return Object.freeze({ contextBridge, ipcRenderer });
    throw new Error(`module not found: ${name}`); // as a sandboxed preload is told
  };

  const receive = async () => {
    for (;;) {
      for (const { channel, values } of await call('receive', [])) {
        for (const listener of listeners.get(channel) ?? []) listener(Object.freeze({}), ...values);
      }
    }
  };
  void call('hello', []).then(receive, () => {});

  // biome-ignore lint/correctness/noUnusedFunctionParameters: the preload's own text uses them
  ((require, module, exports) => {
    PRELOAD;
  })(require, { exports: {} }, {});
})();
