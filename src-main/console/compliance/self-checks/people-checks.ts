import { generateKeyPairSync } from 'node:crypto';
import { ACCOUNT_RULE, countFailure, NO_FAILURES, remainingLock } from '#main/identity/lockout.ts';
import { LEAST_COST } from '#main/identity/passwords.ts';
import { type PersonEntry, PersonEntry as PersonSchema, SessionEntry } from '#main/identity/people-entries.ts';
import type { TokenKey } from '#main/identity/token-key.ts';
import { audienceOf, issueToken, readToken } from '#main/identity/tokens.ts';
import { createCipher } from '#main/platform/cipher.ts';
import { tenantKey } from '#main/platform/tenant-keys.ts';
import type { Parts } from '../../parts.ts';
import { type Found, fails, holds, isRefused, partial } from './found.ts';
import { inSnapshot, peopleRows } from './sealed-rows.ts';

const LONGEST_SESSION_MS = 12 * 3_600_000;
const MOST = 100_000;
const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$/;

type Needs = Pick<Parts, 'config' | 'rooms' | 'identity'>;

/** The sessions of this workspace as people.db has them; and tokens made with a key of this check's own. */
export async function checkTokens(parts: Needs): Promise<Found> {
  const { tried, passed, genuine } = await tryTokens();
  const here = new Set(parts.identity.people().map(({ id }) => id));
  const sessions = (await readEntries(parts, 'session')).map((value) => SessionEntry.parse(value));
  const live = sessions.filter(({ ended }) => ended === null);
  const long = sessions.filter(({ openedAt, expiresAt }) => expiresAt - openedAt > LONGEST_SESSION_MS).length;
  const strangers = live.filter(({ person }) => !here.has(person)).length;
  const shared = sessions.length - new Set(sessions.map(({ token }) => token)).size;
  const looked = { tried, passed, genuine, sessions: sessions.length, live: live.length, long, strangers, shared };
  if (passed.length > 0) return fails(`Tokens that must be refused were taken: ${passed.join(', ')}.`, looked);
  if (!genuine) return fails('A genuine token is refused.', looked);
  if (long > 0) return fails(`${long} sessions of this workspace are longer than 12 hours.`, looked);
  if (shared > 0) return fails(`${shared} sessions of this workspace share a token with another one.`, looked);
  if (strangers > 0) return fails(`${strangers} sessions are of people who are not in the workspace.`, looked);
  return holds(
    `${sessions.length} sessions kept in this workspace, ${live.length} of them not ended: each of one token, 12 hours at most, and of somebody who is here while it lives. This build refused ${tried.length} forged tokens of a key made for the check, and read a genuine one.`,
    looked,
  );
}

/** How passwords are kept in people.db, who signs in with a second factor, and that failures lock. */
export async function checkSignIn(parts: Needs): Promise<Found> {
  const people = parts.identity.people().filter(({ aliasOf }) => aliasOf === null);
  const without = people.filter(({ secondFactor, role }) => !secondFactor && role !== 'viewer').map(({ id }) => id);
  const entries = (await readEntries(parts, 'person')).map((value) => PersonSchema.parse(value));
  const hashes = entries.flatMap(({ password }: PersonEntry) => password ?? []);
  const costs = hashes.map((phc) => PHC.exec(phc)?.slice(1).map(Number) ?? null);
  const foreign = costs.filter((cost) => cost === null).length;
  const weak = costs.filter((cost) => cost !== null && isWeak(cost)).length;
  let entry = NO_FAILURES;
  for (let failure = 0; failure <= ACCOUNT_RULE.free; failure += 1) entry = countFailure(entry, ACCOUNT_RULE, 0);
  const locked = remainingLock(entry, 0);
  const parameters = [
    ...new Set(costs.map((cost) => (cost === null ? 'other' : `m=${cost[0]},t=${cost[1]},p=${cost[2]}`))),
  ];
  const looked = {
    people: people.length,
    withoutSecondFactor: without,
    passwords: hashes.length,
    parameters: parameters.sort(),
    foreign,
    weak,
    lockedForMs: locked,
  };
  if (locked <= 0) return fails('Repeated failures do not lock an account.', looked);
  if (foreign > 0) return fails(`${foreign} of ${hashes.length} passwords are not kept as an Argon2id hash.`, looked);
  const kept = `${hashes.length} passwords are kept as Argon2id hashes`;
  const problems = [
    ...(weak === 0 ? [] : [`${weak} of them cost less than OWASP asks for (19 MiB, two passes)`]),
    ...(without.length === 0
      ? []
      : [`${without.length} of ${people.length} people who may change something have no second factor`]),
  ];
  if (problems.length > 0) {
    return partial(
      `${kept} and failures lock for ${locked / 1000} s and longer, but ${problems.join(', and ')}.`,
      looked,
    );
  }
  return holds(
    `${kept} of 19 MiB and two passes or more; everybody who may change something has a second factor; failures lock for ${locked / 1000} s and longer.`,
    looked,
  );
}

/** Memory counts as much as passes, as it does when a hash is renewed. */
function isWeak([memory = 0, passes = 0]: readonly number[]): boolean {
  return memory * passes < LEAST_COST.memoryKiB * LEAST_COST.passes;
}

/** Entries of people.db as they rest on disk. @throws CausewayError `audit-broken` for one that does not open */
async function readEntries({ config, rooms }: Needs, kind: string): Promise<readonly unknown[]> {
  const cipher = createCipher(await tenantKey(config.secrets, config.tenant, 'people', false), config.tenant);
  const rows = inSnapshot(rooms.folder, 'people.db', (db) => peopleRows(db, kind, MOST));
  return rows.map(({ place, sealed }) => JSON.parse(Buffer.from(cipher.open(sealed, place)).toString('utf8')));
}

async function tryTokens() {
  const newKey = (): TokenKey => ({ ...generateKeyPairSync('ed25519'), fresh: true });
  const [own, other] = [newKey(), newKey()];
  const audience = audienceOf('self-check');
  const now = Date.UTC(2026, 0, 1);
  const claims = {
    sub: 'u-000000000000',
    jti: crypto.randomUUID(),
    tenant: 'self-check',
    sid: 's-1',
    role: 'viewer',
  } as const;
  const issue = (key: TokenKey, from: number) => issueToken(key, claims, { audience, from, until: from + 60_000 });
  const read = (token: string, where = { audience, tenant: 'self-check' }) => readToken(own, token, { ...where, now });
  const good = await issue(own, now);
  const [header = '', payload = ''] = good.split('.');
  const unsigned = `${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.${payload}.`;
  const tried: Readonly<Record<string, () => unknown>> = {
    'another key': async () => read(await issue(other, now)),
    'no signature': () => read(unsigned),
    'a cut signature': () => read(`${header}.${payload}.AAAA`),
    'an expired one': async () => read(await issue(own, now - 86_400_000)),
    'one of the future': async () => read(await issue(own, now + 86_400_000)),
    'another audience': () => read(good, { audience: audienceOf('elsewhere'), tenant: 'self-check' }),
    'another tenant': () => read(good, { audience, tenant: 'elsewhere' }),
  };
  const passed: string[] = [];
  for (const [name, attempt] of Object.entries(tried)) if (!(await isRefused(attempt))) passed.push(name);
  return { tried: Object.keys(tried), passed, genuine: !(await isRefused(() => read(good))) };
}
