import type { ConsoleConfig } from '#main/console/config.ts';
import { type Console, type Decision, openWorkspace, type Workspace } from '#main/console.ts';
import type { PasswordCost } from '#main/identity/passwords.ts';
import type { Principal } from '#main/identity/principal.ts';
import type { Caller } from '#main/shell/access-desk.ts';
import type { ProtectionOutcome } from '#shared/ipc/protection-views.ts';
import type { Remediation } from '#shared/model/investigation.ts';

/** Argon2id as cheap as it gets: what tests sign in with is no secret. */
export const CHEAP: PasswordCost = { memoryKiB: 8, passes: 1, lanes: 1 };

export const OPERATOR = { name: 'Test operator', email: 'operator@test.example', password: 'plainly a test password' };
export const APPROVER = { name: 'Test approver', email: 'approver@test.example', password: 'another test password' };
/** What the owner shows to ask for a change of a protection. */
export const OWN_PROOF = { method: 'password', password: OPERATOR.password } as const;
/** What the second person shows to agree. */
export const PROOF = { method: 'password', password: APPROVER.password } as const;

/**
 * The console as its owner uses it, with a second person who takes the decisions: nobody approves what they asked for.
 * What is the workspace's is here, too, so that a test has one thing in hand.
 */
export interface PeopledConsole
  extends Omit<Console, 'decide'>,
    Pick<Workspace, 'close' | 'denyPending' | 'alertShown' | 'cancelVerify' | 'refusal'> {
  readonly workspace: Workspace;
  readonly owner: Principal;
  readonly second: Principal;
  /** The console as the second person uses it. */
  readonly approver: Console;
  /** The two as the window's handlers are told of them. */
  readonly caller: Caller;
  readonly secondCaller: Caller;
  /** Decided by the second person, who shows that it is they. */
  decide(decision: Decision): Promise<Remediation>;
}

/** Opens a workspace with two people in it: made at the first opening, signed in at every other. */
export async function openPeopled(config: ConsoleConfig): Promise<PeopledConsole> {
  const workspace = await openWorkspace(config);
  try {
    const [owner, second] = await people(workspace);
    const console = workspace.as(owner);
    const approver = workspace.as(second);
    return {
      ...console,
      workspace,
      owner,
      second,
      approver,
      caller: callerOf(workspace, owner, console),
      secondCaller: callerOf(workspace, second, approver),
      decide: (decision) => approver.decide({ reauthentication: PROOF, ...decision }),
      close: () => workspace.close(),
      denyPending: (reason) => workspace.denyPending(reason),
      alertShown: () => workspace.alertShown(),
      cancelVerify: () => workspace.cancelVerify(),
      refusal: () => workspace.refusal(),
    };
  } catch (error) {
    await workspace.close();
    throw error;
  }
}

/** Somebody whose session holds, however often it is looked at. */
function callerOf(workspace: Workspace, principal: Principal, console: Console): Caller {
  const caller: Caller = { workspace, principal, console, again: async () => caller };
  return caller;
}

/** The second person agrees to a change of a protection that the owner asked for, as the window would let them. */
export async function agree(
  { workspace, second, approver }: PeopledConsole,
  asked: ProtectionOutcome,
): Promise<ProtectionOutcome> {
  if (asked.state !== 'waiting') throw new Error(`nothing waits for a second person: ${asked.state}`);
  const { id: request, digest } = asked.request;
  await workspace.permissions.demand(second, 'protections.decide');
  const justification = 'Looked at it with the one who asked.';
  return approver.protections.decide({ request, digest, decision: 'approve', justification, reauthentication: PROOF });
}

async function people({ identity }: Workspace): Promise<readonly [Principal, Principal]> {
  if (identity.hasPeople()) return [await signIn(identity, OPERATOR), await signIn(identity, APPROVER)];
  const { principal: owner } = await identity.createOwner(OPERATOR);
  const { code } = await identity.invite(owner, { email: APPROVER.email, role: 'admin' });
  const { principal: second } = await identity.acceptInvitation({
    name: APPROVER.name,
    password: APPROVER.password,
    code,
  });
  return [owner, second];
}

async function signIn(
  identity: Workspace['identity'],
  { email, password }: { readonly email: string; readonly password: string },
): Promise<Principal> {
  const result = await identity.signIn({ email, password });
  if (result.step !== 'done') throw new Error('a second factor is asked for');
  return result.principal;
}
