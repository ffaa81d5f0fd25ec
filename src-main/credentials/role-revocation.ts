import { GetRolePolicyCommand, type IAMClient, NoSuchEntityException, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { z } from 'zod';
import { CausewayError } from '#shared/errors.ts';
import type { Clock } from '../platform/clock.ts';

/** The inline policy that refuses revoked sessions; nothing else is ever kept in it. */
export const REVOCATION_POLICY = 'CausewayRevokedSessions';

const KEEP_MS = 3_600_000;
/** Sessions live 15 minutes, so that entries older than this refuse nobody any more and may go when space is short. */
const NEEDED_MS = 1_200_000;
/** Entries of the same five minutes share a statement, which keeps the policy small. */
const BUCKET_MS = 300_000;
/** IAM's quota for all inline policies of a role is 10,240 characters. */
const MAX_CHARACTERS = 10_000;

const Denial = z.strictObject({
  Sid: z.string().regex(/^Until\d{9,12}$/), // epoch seconds
  Effect: z.literal('Deny'),
  Action: z.literal('*'),
  Resource: z.literal('*'),
  Condition: z.strictObject({
    StringEquals: z.strictObject({ 'aws:userid': z.union([z.string().max(256), z.array(z.string().max(256)).min(1)]) }),
  }),
});
const RevocationPolicy = z.strictObject({ Version: z.literal('2012-10-17'), Statement: z.array(Denial).min(1) });

/** Revoked sessions by the time (epoch ms) until which each is kept. */
type Entries = ReadonlyMap<string, number>;

export interface RoleRevoker {
  /**
   * Makes the cloud refuse one session of a role from now on. `userId` is its `aws:userid`, `AROA…:session-name`.
   * Changes to one role are made one after the other: each reads, adds and writes the whole policy.
   * Rejects when the cloud did not confirm.
   */
  revoke(iam: IAMClient, roleArn: string, userId: string): Promise<void>;
}

export function createRoleRevoker(clock: Clock): RoleRevoker {
  const queues = new Map<string, Promise<void>>();
  return {
    revoke: (iam, roleArn, userId) => {
      const before = queues.get(roleArn) ?? Promise.resolve();
      const mine = before.catch(() => undefined).then(() => addEntry(iam, roleArn, userId, clock.now()));
      queues.set(roleArn, mine);
      const leave = () => {
        if (queues.get(roleArn) === mine) queues.delete(roleArn);
      };
      mine.then(leave, leave);
      return mine;
    },
  };
}

async function addEntry(iam: IAMClient, roleArn: string, userId: string, now: number): Promise<void> {
  const role = roleArn.split('/').at(-1);
  const known = await readEntries(iam, role);
  const until = Math.ceil((now + KEEP_MS) / BUCKET_MS) * BUCKET_MS;
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: role,
      PolicyName: REVOCATION_POLICY,
      PolicyDocument: writeRevocations(new Map([...known, [userId, until]]), now),
    }),
  );
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
  const entries = new Map<string, number>();
  for (const { Sid, Condition } of policy.Statement) {
    const users = Condition.StringEquals['aws:userid'];
    for (const user of typeof users === 'string' ? [users] : users) {
      entries.set(user, Math.max(entries.get(user) ?? 0, Number(Sid.slice('Until'.length)) * 1000));
    }
  }
  return entries;
}

/**
 * The policy for these entries, without those that are past, and when space is short without those that cannot matter.
 * @throws CausewayError `too-large` when even the needed ones do not fit.
 */
export function writeRevocations(entries: Entries, now: number): string {
  const current = [...entries].filter(([, until]) => until > now);
  const full = toPolicy(current);
  if (full.length <= MAX_CHARACTERS) return full;
  const needed = toPolicy(current.filter(([, until]) => until - KEEP_MS > now - NEEDED_MS));
  if (needed.length <= MAX_CHARACTERS) return needed;
  throw new CausewayError('too-large', `Too many sessions were revoked at once for one role's policy in IAM.`, {
    reason: 'revocation-policy-full',
  });
}

function toPolicy(entries: readonly (readonly [string, number])[]): string {
  const buckets = Map.groupBy(entries, ([, until]) => until);
  const statements: z.infer<typeof Denial>[] = [...buckets]
    .sort(([a], [b]) => a - b)
    .map(([until, members]) => ({
      Sid: `Until${Math.floor(until / 1000)}`,
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition: { StringEquals: { 'aws:userid': members.map(([user]) => user) } },
    }));
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}
