import { parseArgs } from 'node:util';
import type { NewPersonInput } from '#main/identity/identity.ts';
import { readNewPerson } from '#main/identity/new-person.ts';
import { CausewayError } from '#shared/errors.ts';
import { Email, PersonName } from '#shared/model/access.ts';
import { type Io, plain } from '../io.ts';
import { keepSession } from '../session.ts';
import { type OpenedWorkspace, WORKSPACE_OPTIONS, withStation, withWorkspace } from '../workspace.ts';

const USAGE = `usage: causeway workspace list [--data DIR] [--json]
       causeway workspace create --title TEXT --name NAME --email ADDRESS [--data DIR] [--json]
       causeway workspace owner --name NAME --email ADDRESS [--workspace NAME] [--data DIR] [--json]
         the owner of a workspace that has nobody yet
         the password is asked for twice; from a pipe it is read from the first two lines
`;

/** `causeway workspace create`: the first workspace, or another one, with its owner, who is signed in by it. */
export async function runWorkspace(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...WORKSPACE_OPTIONS,
      json: { type: 'boolean', default: false },
      title: { type: 'string' },
      name: { type: 'string' },
      email: { type: 'string' },
    },
  });
  const [verb = '', ...rest] = positionals;
  const { title, json, data } = values;
  const known = verb === 'list' || verb === 'owner' || verb === 'create';
  if (rest.length > 0 || !known || (verb === 'create') !== (title !== undefined)) {
    io.stderr(USAGE);
    return 2;
  }
  if (verb === 'list') return listWorkspaces(values, io);
  const name = PersonName.safeParse(values.name);
  const email = Email.safeParse(values.email);
  if (!name.success || !email.success) {
    io.stderr(`The owner needs a --name and an --email.\n${USAGE}`);
    return 2;
  }
  const owner = { name: name.data, email: email.data };
  if (title === undefined) {
    return withWorkspace(values, async (opened) => {
      if (opened.workspace.identity.hasPeople()) {
        const text = 'This workspace has its people. Somebody who manages them can invite you.';
        throw new CausewayError('conflict', text, { reason: 'has-people' });
      }
      return makeOwner(opened, { ...owner, password: await askNewPassword(io) }, json, io);
    });
  }
  // what can be wrong with the owner shows before there is a workspace
  const first = readNewPerson({ ...owner, password: await askNewPassword(io) });
  return withStation({ data }, async ({ station, secrets }) =>
    makeOwner({ workspace: await station.create(title), secrets }, first, json, io),
  );
}

async function makeOwner(
  { workspace, secrets }: Pick<OpenedWorkspace, 'workspace' | 'secrets'>,
  owner: NewPersonInput,
  json: boolean,
  io: Io,
): Promise<number> {
  const { identity, tenant } = workspace;
  const { token, principal } = await identity.createOwner(owner);
  await keepSession({ workspace, secrets }, token);
  io.stdout(
    json
      ? `${JSON.stringify({ workspace: tenant, owner: principal.id })}\n`
      : `Workspace ${tenant} made. ${plain(principal.name)} owns it and is signed in here.\nNext: causeway people invite, so that somebody else can approve what you propose.\n`,
  );
  return 0;
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
