// Preloaded into a stand-in Electron whose Node-API is older than the one better-sqlite3's prebuilt binding is made
// for: its loader puts another build of the binding in place, but only in the main thread. This does so in the
// worker threads too, which the console starts without the options of the process.
const { existsSync } = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const threads = require('node:worker_threads');

const binding = path.join(path.dirname(process.execPath), '..', 'better_sqlite3.node');
if (existsSync(binding)) {
  const load = Module._extensions['.node'];
  Module._extensions['.node'] = (module, file) =>
    load(module, /better-sqlite3[\\/](prebuilds|build)[\\/]/.test(file) ? binding : file);
  threads.Worker = class extends threads.Worker {
    constructor(file, options = {}) {
      super(file, { ...options, execArgv: [...(options.execArgv ?? []), '--require', __filename] });
    }
  };
  Module.syncBuiltinESMExports();
}
