import path from 'node:path';
import { parseArgs } from 'node:util';
import { printable } from '#main/audit/problems.ts';
import type { WitnessFolder } from '#shared/ipc/verification-views.ts';
import { COMMAND_ACCESS } from '../access.ts';
import type { Io } from '../io.ts';
import { WORKSPACE_OPTIONS, withSeat } from '../workspace.ts';

const USAGE = `usage: causeway witness-folder list [--data DIR] [--json]
       causeway witness-folder add FOLDER [--data DIR] [--json]
       causeway witness-folder remove FOLDER [--data DIR] [--json]
`;

/** `causeway witness-folder`: folders elsewhere that are given every new checkpoint of the trail. */
export async function runWitnessFolder(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { ...WORKSPACE_OPTIONS, json: { type: 'boolean', default: false } },
  });
  const [what, folder, ...rest] = positionals;
  const known = what === 'list' ? folder === undefined : (what === 'add' || what === 'remove') && folder !== undefined;
  if (!known || rest.length > 0) {
    io.stderr(USAGE);
    return 2;
  }
  const access = COMMAND_ACCESS[what === 'list' ? 'witness-folder list' : 'witness-folder change'];
  return withSeat({ ...values, access }, async ({ console: { history } }) => {
    const full = path.resolve(folder ?? '.');
    if (what === 'add') await history.addFolder(full);
    if (what === 'remove') await history.removeFolder(full);
    const folders = history.folders();
    io.stdout(values.json ? `${JSON.stringify(folders)}\n` : present(folders));
    return 0;
  });
}

function present(folders: readonly WitnessFolder[]): string {
  if (folders.length === 0) return 'No folder is given the checkpoints of this trail.\n';
  return folders
    .map(({ path: folder, state, size, detail }) => {
      const records = size === null ? '' : `, ${size} records`;
      return `${printable(folder)}\n  ${state}${records}: ${printable(detail)}\n`;
    })
    .join('');
}
