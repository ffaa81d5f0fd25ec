// Preloaded into Electron: has the application wait until Playwright listens, as Playwright does by itself where it
// is given no executable. A window that opens while it attaches makes it wait for ever now and then.
const Module = require('node:module');
const path = require('node:path');

const load = Module._load;
Module._load = function loadAndWait(name, ...rest) {
  const loaded = load.call(this, name, ...rest);
  if (name === 'electron/js2c/browser_init') {
    // Electron's modules are there from now on, and nothing of the application has run
    Module._load = load;
    const core = require.resolve('playwright-core/package.json', { paths: [require.resolve('playwright')] });
    require(path.join(path.dirname(core), 'lib/server/electron/loader.js'));
  }
  return loaded;
};
