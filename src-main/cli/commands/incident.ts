import { parseArgs } from 'node:util';
import { readAlarmFile } from '#main/ingest/read-file.ts';
import { COMMAND_ACCESS } from '../access.ts';
import { type Io, plain } from '../io.ts';
import { WORKSPACE_OPTIONS, type WorkspaceOptions, withSeat } from '../workspace.ts';

/** `causeway incident import FILE` and `causeway incident list`. */
export async function runIncident(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { ...WORKSPACE_OPTIONS, json: { type: 'boolean', default: false } },
  });
  const [verb, file, ...rest] = positionals;
  if (verb === 'list' && file === undefined) return listIncidents(values, values.json, io);
  if (verb !== 'import' || file === undefined || rest.length > 0) {
    io.stderr('usage: causeway incident import FILE | causeway incident list  [--data DIR] [--json]\n');
    return 2;
  }
  const bytes = await readAlarmFile(file); // before the workspace is opened: a wrong file costs nothing
  return withSeat({ ...values, access: COMMAND_ACCESS['incident import'] }, async ({ console }) => {
    const incident = await console.importAlarm(bytes, file);
    io.stdout(
      values.json
        ? `${JSON.stringify(incident)}\n`
        : `${incident.id}  ${incident.severity}  ${plain(incident.title)}\nNext: causeway investigate ${incident.id}\n`,
    );
    return 0;
  });
}

async function listIncidents(where: WorkspaceOptions, json: boolean, io: Io): Promise<number> {
  return withSeat({ ...where, access: COMMAND_ACCESS['incident list'] }, async ({ console }) => {
    const incidents = console.listIncidents();
    if (json) io.stdout(`${JSON.stringify(incidents)}\n`);
    else if (incidents.length === 0) io.stdout('No incidents yet. Import an alarm: causeway incident import FILE\n');
    else
      for (const one of incidents)
        io.stdout(
          `${one.id}  ${one.severity.padEnd(8)}  ${one.status.padEnd(17)}  ${one.openedAt}  ${plain(one.title)}\n`,
        );
    return 0;
  });
}
