import { CausewayError } from '#shared/errors.ts';
import type { ApiKeyView } from '#shared/ipc/access-views.ts';
import { PERMISSIONS, Permission } from '#shared/model/access.ts';
import { type Io, plain } from '../io.ts';
import { askReauthentication, demandPerson } from '../reauthenticate.ts';
import { type Call, exactly, type Job, runVerbs, type Typed, type Verb } from '../verbs.ts';
import { API_KEY_VARIABLE } from '../workspace.ts';

const MOST_DAYS = 365;

const VERBS: Readonly<Record<string, Verb>> = {
  list: { access: 'api-key list', usage: '', prepare: ({ words }) => exactly(words, 0) && list },
  create: {
    access: 'api-key create',
    usage: '--label TEXT --scope PERMISSION[,PERMISSION…] --days N',
    options: { label: { type: 'string' }, scope: { type: 'string', multiple: true }, days: { type: 'string' } },
    prepare: prepareCreate,
  },
  revoke: {
    access: 'api-key revoke',
    usage: 'KEY',
    prepare: ({ words }) => {
      const only = exactly(words, 1);
      return only && ((call) => revoke(call, only[0]));
    },
  },
};

/** `causeway api-key`: keys for programs, each for a few things and a number of days. */
export async function runApiKey(args: readonly string[], io: Io): Promise<number> {
  return runVerbs('api-key', VERBS, args, io);
}

async function list({ workspace, say }: Call): Promise<number> {
  const keys = workspace.identity.apiKeys();
  const named = (id: string) => workspace.identity.nameOf(id);
  say(keys, keys.length === 0 ? 'No API keys.\n' : keys.map((key) => present(key, named(key.owner))).join(''));
  return 0;
}

function prepareCreate({ words, text, texts }: Typed): Job | string | null {
  const label = text('label')?.trim() ?? '';
  const days = /^[1-9]\d{0,2}$/.test(text('days') ?? '') ? Number(text('days')) : 0;
  if (exactly(words, 0) === null || label === '' || label.length > 100 || texts('scope').length === 0) return null;
  if (days < 1 || days > MOST_DAYS) return `give --days a number from 1 to ${MOST_DAYS}`;
  const unknown = texts('scope').filter((one) => !Permission.safeParse(one).success);
  if (unknown.length > 0) return `there is no permission ${unknown.join(', ')}; there are ${PERMISSIONS.join(', ')}`;
  const scopes = texts('scope').map((one) => Permission.parse(one));
  return (call) => create(call, { label, scopes, days });
}

async function create(
  { workspace, principal, io, say }: Call,
  wanted: { readonly label: string; readonly scopes: readonly Permission[]; readonly days: number },
): Promise<number> {
  const { identity, permissions } = workspace;
  demandPerson(principal);
  const mine = permissions.allowed(principal.role);
  const beyond = wanted.scopes.filter((scope) => !mine.includes(scope));
  if (beyond.length > 0) {
    const text = `You may not do this yourself, so a key of yours cannot: ${beyond.join(', ')}. Nothing was done.`;
    throw new CausewayError('denied', text, { reason: 'scope' });
  }
  await identity.reauthenticate(principal, await askReauthentication(workspace, principal, io));
  const made = await identity.createApiKey(principal, wanted);
  say(
    made,
    `Made, on record: ${present(made.apiKey, principal.name)}The key, shown only now; a program has it in ${API_KEY_VARIABLE}:\n  ${made.key}\n`,
  );
  return 0;
}

async function revoke({ workspace: { identity }, principal, say }: Call, id: string): Promise<number> {
  const revoked = await identity.revokeApiKey(principal, id);
  say(revoked, `Revoked, on record: ${present(revoked, identity.nameOf(revoked.owner))}`);
  return 0;
}

function present({ id, label, scopes, expiresAt, revokedAt, lastUsedAt }: ApiKeyView, owner: string): string {
  const until = revokedAt === null ? `until ${expiresAt ?? 'revoked'}` : `revoked ${revokedAt}`;
  const used = lastUsedAt === null ? 'never used' : `last used ${lastUsedAt}`;
  return `${id}  ${plain(label)}, of ${plain(owner)}, ${until}, ${used}\n  may ${scopes.join(', ')}\n`;
}
