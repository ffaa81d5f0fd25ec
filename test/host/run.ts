/**
 * The Chromium host: `node test/host/run.ts [PROJECT_DIR]` runs the built application in this Node, with its windows in
 * Chromium. For computers where Electron cannot be downloaded; what is shown and enforced is the application's own.
 */
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { findChromium } from './find-chromium.ts';

if (findChromium() === null) {
  process.stderr.write('No Chromium or Chrome was found.\n');
  process.exit(69); // EX_UNAVAILABLE
}
const project = path.resolve(process.argv[2] ?? '.');
process.env.CAUSEWAY_HOST_PROJECT = project;
const electron = new URL('electron.ts', import.meta.url).href;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron'
      ? { url: electron, format: 'module-typescript', shortCircuit: true }
      : next(specifier, context),
});
const { serveControl } = await import('./control.ts');
serveControl();
const { main } = JSON.parse(readFileSync(path.join(project, 'package.json'), 'utf8')) as { readonly main: string };
await import(pathToFileURL(path.join(project, main)).href);
