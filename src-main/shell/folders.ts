import { accessSync, constants, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isFull, notWritten } from '#main/platform/not-written.ts';

export interface Folders {
  /** The workspace: chain, evidence, device id. */
  readonly data: string;
  /** What Chromium keeps for the window; also what the single-instance lock hangs on. */
  readonly window: string;
  readonly log: string;
  /** What ships with the product. */
  readonly resources: string;
  readonly scenarios: string;
  readonly preload: string;
  readonly renderer: string;
}

/**
 * Where everything is. With CAUSEWAY_DATA, a workspace of its own gets a window folder, and so a lock, of its own.
 * `bundle` is the folder of the built main file.
 */
export function resolveFolders(at: {
  readonly userData: string;
  readonly resources: string;
  readonly bundle: string;
  readonly dataOverride: string | undefined;
}): Folders {
  const data = at.dataOverride ? path.resolve(at.dataOverride) : path.join(at.userData, 'workspace');
  return {
    data,
    window: at.dataOverride ? path.join(data, 'window') : at.userData,
    log: path.join(data, 'log', 'causeway.log'),
    resources: at.resources,
    scenarios: path.join(at.resources, 'scenarios'),
    preload: path.join(at.bundle, '..', 'preload', 'preload.cjs'),
    renderer: path.join(at.bundle, '..', 'renderer'),
  };
}

/**
 * Makes the folder, readable by its owner only, and tries to write in it. Throws `disk-full` or `read-only`; asked
 * before the single-instance lock, which fails in an unwritable folder as if another instance were running.
 */
export function prepareFolder(folder: string): void {
  const probe = path.join(folder, `.probe-${process.pid}`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
    writeFileSync(probe, 'x', { mode: 0o600 });
    rmSync(probe);
  } catch (cause) {
    const text = isFull(cause)
      ? `There is no space left for the workspace in ${folder}.`
      : `The workspace folder ${folder} cannot be written.`;
    throw notWritten(text, cause);
  }
}

/** The scenario folders that ship, in the order of their names. */
export function listScenarios(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => path.join(folder, entry.name))
    .sort();
}
