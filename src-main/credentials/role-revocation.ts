import { GetRolePolicyCommand, type IAMClient, NoSuchEntityException, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { z } from 'zod';
import { CausewayError } from '#shared/errors.ts';

/** The inline policy that refuses revoked sessions; nothing else is ever kept in it. */
const REVOCATION_POLICY = 'CausewayRevokedSessions';

const KEEP_MS = 3_600_000;
/** Sessions live 15 minutes, so that entries older than this refuse nobody any more and may go when space is short. */
const NEEDED_MS = 1_200_000;
/** Entries are kept to the end of their five minutes, so that they can share statements when space is short. */
const BUCKET_MS = 300_000;
/** IAM's quota for all inline policies of a role is 10,240 characters. */
const MAX_CHARACTERS = 10_000;

const UserIds = z.union([z.string().max(256), z.array(z.string().max(256)).min(1)]);
const Denial = z.strictObject({
  Sid: z.string().regex(/^Until\d{9,12}(N\d{1,4})?$/), // epoch seconds
  Effect: z.literal('Deny'),
  Action: z.literal('*'),
  Resource: z.literal('*'),
  Condition: z.union([
    z.strictObject({
      StringLike: z.strictObject({ 'aws:userid': UserIds }),
      DateLessThan: z.strictObject({ 'aws:TokenIssueTime': z.iso.datetime() }),
    }),
    // as earlier versions wrote it; such names never come again, and the entries go with their hour
    z.strictObject({ StringEquals: z.strictObject({ 'aws:userid': UserIds }) }),
  ]),
});
const RevocationPolicy = z.strictObject({ Version: z.literal('2012-10-17'), Statement: z.array(Denial).min(1) });

export interface Revocation {
  /** Epoch ms until which the entry is kept. */
  readonly until: number;
  /** Epoch ms by the cloud's clock: sessions issued from then on are not meant. Null in entries of earlier versions. */
  readonly issuedBefore: number | null;
}

/** Revoked sessions by `aws:userid`: `AROA…:session-name`, or `*:session-name` where the role's id is not known. */
type Entries = ReadonlyMap<string, Revocation>;

export interface RevokedSession {
  readonly userId: string;
  readonly issuedBefore: number;
  /** Epoch ms by the cloud's clock; null when the cloud did not say. */
  readonly cloudTime: number | null;
}

export interface RoleRevoker {
  /**
   * Makes the cloud refuse one session of a role from now on: by its `aws:userid`, and only when it was issued before the
   * time given, so that a later session of the same name is another.
   * Changes to one role are made one after the other: each reads, adds and writes the whole policy.
   * Rejects when the cloud did not confirm.
   */
  revoke(iam: IAMClient, roleArn: string, session: RevokedSession): Promise<void>;
}

export function createRoleRevoker(): RoleRevoker {
  const queues = new Map<string, Promise<void>>();
  return {
    revoke: (iam, roleArn, session) => {
      const before = queues.get(roleArn) ?? Promise.resolve();
      const mine = before.catch(() => undefined).then(() => addEntry(iam, roleArn, session));
      queues.set(roleArn, mine);
      const leave = () => {
        if (queues.get(roleArn) === mine) queues.delete(roleArn);
      };
      mine.then(leave, leave);
      return mine;
    },
  };
}

async function addEntry(iam: IAMClient, roleArn: string, session: RevokedSession): Promise<void> {
  const role = roleArn.split('/').at(-1);
  const known = await readEntries(iam, role);
  const until = Math.ceil((session.issuedBefore + KEEP_MS) / BUCKET_MS) * BUCKET_MS;
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: role,
      PolicyName: REVOCATION_POLICY,
      PolicyDocument: writeRevocations(addTo(known, session, until), session.cloudTime),
    }),
  );
}

function addTo(known: Entries, { userId, issuedBefore }: RevokedSession, until: number): Entries {
  const before = known.get(userId);
  const latest = Math.max(issuedBefore, before?.issuedBefore ?? 0);
  return new Map([...known, [userId, { until: Math.max(until, before?.until ?? 0), issuedBefore: latest }]]);
}

async function readEntries(iam: IAMClient, role: string | undefined): Promise<Entries> {
  try {
    const answer = await iam.send(new GetRolePolicyCommand({ RoleName: role, PolicyName: REVOCATION_POLICY }));
    return readRevocations(decodeURIComponent(answer.PolicyDocument ?? ''));
  } catch (error) {
    if (error instanceof NoSuchEntityException) return new Map();
    throw error;
  }
}

/** @throws CausewayError `conflict` when somebody else put something there: overwriting it could lift their denial. */
export function readRevocations(text: string): Entries {
  let policy: z.infer<typeof RevocationPolicy>;
  try {
    policy = RevocationPolicy.parse(JSON.parse(text));
  } catch (cause) {
    throw new CausewayError(
      'conflict',
      `The inline policy ${REVOCATION_POLICY} holds something that Causeway did not write. Move it to a policy of another name.`,
      { reason: 'revocation-policy-foreign', cause },
    );
  }
  const entries = new Map<string, Revocation>();
  for (const { Sid, Condition } of policy.Statement) {
    const dated = 'DateLessThan' in Condition;
    const users = (dated ? Condition.StringLike : Condition.StringEquals)['aws:userid'];
    const issuedBefore = dated ? Date.parse(Condition.DateLessThan['aws:TokenIssueTime']) : null;
    const until = Number(/\d+/.exec(Sid)?.[0]) * 1000;
    for (const user of typeof users === 'string' ? [users] : users) {
      const known = entries.get(user);
      if (known === undefined || known.until <= until) entries.set(user, { until, issuedBefore });
    }
  }
  return entries;
}

/**
 * The policy for these entries, without those that are past, and when space is short without those that cannot matter.
 * @param now by the cloud's clock; by a console's clock that is wrong, a denial could go whose session still lives. Null
 * when the cloud did not say: then nothing is left out
 * @throws CausewayError `too-large` when even the needed ones do not fit.
 */
export function writeRevocations(entries: Entries, now: number | null): string {
  const current = [...entries].filter(([, { until }]) => now === null || until > now);
  const needed = current.filter(([, { until }]) => now === null || until - KEEP_MS > now - NEEDED_MS);
  for (const text of [toPolicy(current), toPolicy(needed), toPolicy(shareStatements(needed))]) {
    if (text.length <= MAX_CHARACTERS) return text;
  }
  throw new CausewayError('too-large', `Too many sessions were revoked at once for one role's policy in IAM.`, {
    reason: 'revocation-policy-full',
  });
}

type EntryList = readonly (readonly [string, Revocation])[];

/** When space is short, entries of the same five minutes take the time of the latest, and so share a statement. */
function shareStatements(entries: EntryList): EntryList {
  const latest = new Map<number, number>();
  for (const [, { until, issuedBefore }] of entries) {
    if (issuedBefore !== null) latest.set(until, Math.max(issuedBefore, latest.get(until) ?? 0));
  }
  return entries.map(([user, { until, issuedBefore }]) => [
    user,
    { until, issuedBefore: issuedBefore === null ? null : (latest.get(until) ?? issuedBefore) },
  ]);
}

function toPolicy(entries: EntryList): string {
  const shared = Map.groupBy(entries, ([, { until, issuedBefore }]) => `${until} ${issuedBefore}`);
  const sorted = [...shared.values()].sort(([a], [b]) => (a?.[1].until ?? 0) - (b?.[1].until ?? 0));
  const statements = sorted.flatMap((members, index): z.infer<typeof Denial>[] => {
    const [first] = members;
    if (first === undefined) return [];
    const { until, issuedBefore } = first[1];
    const userid = { 'aws:userid': members.map(([user]) => user) };
    const Condition =
      issuedBefore === null
        ? { StringEquals: userid }
        : { StringLike: userid, DateLessThan: { 'aws:TokenIssueTime': new Date(issuedBefore).toISOString() } };
    // IAM wants every Sid once
    return [
      { Sid: `Until${Math.floor(until / 1000)}N${index}`, Effect: 'Deny', Action: '*', Resource: '*', Condition },
    ];
  });
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}
