import { parseArgs } from 'node:util';
import { CausewayError } from '#shared/errors.ts';
import { Email, PersonName } from '#shared/model/access.ts';
import { type Io, plain } from '../io.ts';
import { keepSession } from '../session.ts';
import { withStation } from '../workspace.ts';

const USAGE = `usage: causeway workspace list [--data DIR] [--json]
       causeway workspace create --title TEXT --name NAME --email ADDRESS [--data DIR] [--json]
         the password is asked for twice; from a pipe it is read from the first two lines
`;

/** `causeway workspace create`: the first workspace, or another one, with its owner, who is signed in by it. */
export async function runWorkspace(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      data: { type: 'string' },
      json: { type: 'boolean', default: false },
      title: { type: 'string' },
      name: { type: 'string' },
      email: { type: 'string' },
    },
  });
  const [verb, ...rest] = positionals;
  const { title } = values;
  if (rest.length > 0 || (verb !== 'list' && (verb !== 'create' || title === undefined))) {
    io.stderr(USAGE);
    return 2;
  }
  if (verb === 'list' || title === undefined) return listWorkspaces(values, io);
  const name = PersonName.safeParse(values.name);
  const email = Email.safeParse(values.email);
  if (!name.success || !email.success) {
    io.stderr(`The owner needs a --name and an --email.\n${USAGE}`);
    return 2;
  }
  const password = await askNewPassword(io);
  return withStation(values, async ({ station, secrets }) => {
    const workspace = await station.create(title);
    const { token, principal } = await workspace.identity.createOwner({
      name: name.data,
      email: email.data,
      password,
    });
    await keepSession(secrets, workspace.tenant, token);
    io.stdout(
      values.json
        ? `${JSON.stringify({ workspace: workspace.tenant, owner: principal.id })}\n`
        : `Workspace ${workspace.tenant} made. ${plain(principal.name)} owns it and is signed in here.\nNext: causeway people invite, so that somebody else can approve what you propose.\n`,
    );
    return 0;
  });
}

async function listWorkspaces(values: { readonly data?: string | undefined; readonly json: boolean }, io: Io) {
  return withStation(values, async ({ station }) => {
    const workspaces = await station.list();
    if (values.json) io.stdout(`${JSON.stringify(workspaces)}\n`);
    else if (workspaces.length === 0) io.stdout('No workspace yet. Make one: causeway workspace create\n');
    else for (const { tenant, title } of workspaces) io.stdout(`${tenant}  ${plain(title)}\n`);
    return 0;
  });
}

/** Twice, so that nobody is locked out by a slip. Whether it is good enough the identity room says. */
export async function askNewPassword(io: Io): Promise<string> {
  const first = await io.askSecret('New password (at least 12 characters): ');
  const second = first === null ? null : await io.askSecret('The same again: ');
  if (first !== null && first === second) return first;
  throw new CausewayError('bad-input', 'The two passwords are not the same. Nothing was done.', {
    reason: 'password-typed',
  });
}
