import { parseArgs } from 'node:util';
import { PersonName } from '#shared/model/access.ts';
import { type Io, plain } from '../io.ts';
import { keepSession } from '../session.ts';
import { WORKSPACE_OPTIONS, withWorkspace } from '../workspace.ts';
import { askNewPassword } from './workspace.ts';

/** `causeway people accept`: somebody who was invited takes their place, and is signed in by it. */
export async function runAccept(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { ...WORKSPACE_OPTIONS, json: { type: 'boolean', default: false }, name: { type: 'string' } },
  });
  const name = PersonName.safeParse(values.name);
  if (positionals.length > 0 || !name.success) {
    io.stderr(
      'usage: causeway people accept --name NAME [--workspace NAME] [--data DIR] [--json]\n' +
        '         the code and then, twice, a password are asked for; from a pipe they are its first three lines\n',
    );
    return 2;
  }
  const code = (await io.askSecret('The code you were given: '))?.trim();
  if (code === undefined || code === '') {
    io.stderr('Nothing was typed. Nothing was done.\n');
    return 1;
  }
  const password = await askNewPassword(io);
  return withWorkspace(values, async ({ workspace, secrets }) => {
    const { identity, tenant } = workspace;
    const { token, principal } = await identity.acceptInvitation({ code, name: name.data, password });
    await keepSession({ workspace, secrets }, token);
    const { id, role } = principal;
    io.stdout(
      values.json
        ? `${JSON.stringify({ workspace: tenant, id, role })}\n`
        : `Welcome to ${tenant}, ${plain(principal.name)} (${role}). You are signed in here.\n`,
    );
    return 0;
  });
}
