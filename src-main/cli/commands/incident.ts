import { open } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { CausewayError } from '#shared/errors.ts';
import { type Io, plain } from '../io.ts';
import { defaultDataFolder, withWorkspace } from '../workspace.ts';

const MAX_ALARM_BYTES = 1_048_576;

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
  const bytes = await readAlarm(file); // before the workspace is opened: a wrong file costs nothing
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

/** Reads at most one byte more than an alarm may have: a huge file is refused without being loaded. */
export async function readAlarm(file: string): Promise<Uint8Array> {
  let handle: Awaited<ReturnType<typeof open>>;
  try {
    handle = await open(file, 'r');
  } catch (error) {
    throw new CausewayError('not-found', `The alarm file ${file} cannot be read. Check the path and its permissions.`, {
      cause: error,
    });
  }
  try {
    const buffer = new Uint8Array(MAX_ALARM_BYTES + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await handle.read(buffer, length, buffer.length - length, null);
      length += bytesRead;
      if (length > MAX_ALARM_BYTES)
        throw new CausewayError(
          'too-large',
          `${file} is larger than 1 MiB, more than any alarm is. Nothing was imported.`,
        );
      if (bytesRead === 0) return buffer.subarray(0, length);
    }
  } catch (error) {
    if (error instanceof CausewayError) throw error;
    throw new CausewayError('bad-input', `${file} cannot be read as a file. Name an alarm's JSON file.`, {
      cause: error,
    });
  } finally {
    await handle.close();
  }
}
