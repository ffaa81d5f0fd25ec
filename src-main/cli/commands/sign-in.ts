import { parseArgs } from 'node:util';
import { type Io, plain } from '../io.ts';
import { endSession, keepSession } from '../session.ts';
import { WORKSPACE_OPTIONS, withSeat, withWorkspace } from '../workspace.ts';

/** `causeway sign-in`: the session stays in the keychain until it is idle for too long, or signed out. */
export async function runSignIn(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { ...WORKSPACE_OPTIONS, email: { type: 'string' } },
  });
  if (positionals.length > 0) {
    io.stderr('usage: causeway sign-in [--email ADDRESS] [--workspace NAME] [--data DIR]\n');
    return 2;
  }
  return withWorkspace(values, async ({ workspace, secrets }) => {
    const email = values.email ?? (await io.ask('E-mail: '))?.trim();
    const password = email === undefined ? null : await io.askSecret('Password: ');
    if (email === undefined || password === null) return nothingTyped(io);
    let signedIn = await workspace.identity.signIn({ email, password });
    if (signedIn.step === 'second-factor') {
      const code = (await io.askSecret('Code of your authenticator, or a recovery code: '))?.trim();
      if (!code) return nothingTyped(io);
      signedIn = await workspace.identity.signIn({ email, password, code });
    }
    if (signedIn.step !== 'done') return nothingTyped(io);
    await keepSession({ workspace, secrets }, signedIn.token);
    const { principal } = signedIn;
    io.stdout(`Signed in to ${workspace.tenant} as ${plain(principal.name)} (${principal.role}).\n`);
    return 0;
  });
}

/** `causeway sign-out`: ends the terminal's session, or with --everywhere all of this person's. */
export async function runSignOut(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { ...WORKSPACE_OPTIONS, everywhere: { type: 'boolean', default: false } },
  });
  if (positionals.length > 0) {
    io.stderr('usage: causeway sign-out [--everywhere] [--workspace NAME] [--data DIR]\n');
    return 2;
  }
  return withWorkspace(values, async (opened) => {
    const ended = await endSession(opened, values.everywhere);
    io.stdout(ended ? 'Signed out.\n' : 'Nobody was signed in.\n');
    return 0;
  });
}

/** `causeway whoami` */
export async function runWhoami(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { ...WORKSPACE_OPTIONS, json: { type: 'boolean', default: false } },
  });
  if (positionals.length > 0) {
    io.stderr('usage: causeway whoami [--workspace NAME] [--data DIR] [--json]\n');
    return 2;
  }
  return withSeat({ ...values, access: 'signed-in' }, async ({ workspace, principal }) => {
    const { id, type, name, role } = principal;
    const may = workspace.permissions.allowed(role).filter((one) => principal.scopes?.includes(one) ?? true);
    io.stdout(
      values.json
        ? `${JSON.stringify({ workspace: workspace.tenant, id, type, name, role, permissions: may })}\n`
        : `${plain(name)}, ${role} in ${workspace.tenant} (${id})\nMay: ${may.join(', ')}\n`,
    );
    return 0;
  });
}

function nothingTyped(io: Io): number {
  io.stderr('Nothing was typed. Nobody is signed in.\n');
  return 1;
}
