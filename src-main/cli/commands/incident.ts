import { parseArgs } from 'node:util';
import { readAlarmFile } from '#main/ingest/read-file.ts';
import { type Io, plain } from '../io.ts';
import { defaultDataFolder, withWorkspace } from '../workspace.ts';

/** `causeway incident import FILE` and `causeway incident list`. */
export async function runIncident(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { data: { type: 'string' }, json: { type: 'boolean', default: false } },
  });
  const folder = values.data ?? defaultDataFolder();
  const [verb, file, ...rest] = positionals;
  if (verb === 'list' && file === undefined) return listIncidents(folder, values.json, io);
  if (verb !== 'import' || file === undefined || rest.length > 0) {
    io.stderr('usage: causeway incident import FILE | causeway incident list  [--data DIR] [--json]\n');
    return 2;
  }
  const bytes = await readAlarmFile(file); // before the workspace is opened: a wrong file costs nothing
  return withWorkspace({ folder }, async (console) => {
    const incident = await console.importAlarm(bytes, file);
    io.stdout(
      values.json
        ? `${JSON.stringify(incident)}\n`
        : `${incident.id}  ${incident.severity}  ${plain(incident.title)}\nNext: causeway investigate ${incident.id}\n`,
    );
    return 0;
  });
}

async function listIncidents(folder: string, json: boolean, io: Io): Promise<number> {
  return withWorkspace({ folder }, async (console) => {
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
