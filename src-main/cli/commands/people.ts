import { CausewayError } from '#shared/errors.ts';
import type { InvitationView, PersonView } from '#shared/ipc/access-views.ts';
import { Email, Role } from '#shared/model/access.ts';
import { type Io, plain } from '../io.ts';
import { askReauthentication, demandPerson } from '../reauthenticate.ts';
import { type Call, exactly, type Job, runVerbs, type Typed, type Verb } from '../verbs.ts';
import { runAccept } from './accept-invitation.ts';

const NAMED = 'PERSON is an id or an e-mail address.';

const VERBS: Readonly<Record<string, Verb>> = {
  list: { access: 'people list', usage: '', prepare: ({ words }) => exactly(words, 0) && list },
  invite: {
    access: 'people invite',
    usage: `--email ADDRESS --role ${Role.options.join('|')}`,
    options: { email: { type: 'string' }, role: { type: 'string' } },
    prepare: ({ words, text }) => {
      const email = Email.safeParse(text('email'));
      const role = Role.safeParse(text('role'));
      if (exactly(words, 0) === null || !email.success || !role.success) return null;
      return (call) => invite(call, email.data, role.data);
    },
  },
  withdraw: {
    access: 'people invite',
    usage: 'INVITATION',
    prepare: ({ words }) => {
      const only = exactly(words, 1);
      return only && ((call) => withdraw(call, only[0]));
    },
  },
  role: {
    access: 'people role',
    usage: `PERSON ${Role.options.join('|')}`,
    prepare: ({ words }) => {
      const both = exactly(words, 2);
      const role = Role.safeParse(both?.[1]);
      return both && role.success ? setRole(both[0], role.data) : null;
    },
  },
  alias: {
    access: 'people role',
    usage: 'PERSON --of PERSON|none',
    options: { of: { type: 'string' } },
    prepare: (typed) => {
      const of = typed.text('of');
      return of === undefined ? null : onPerson(typed, (call, person) => setAlias(call, person, of));
    },
  },
  'reset-second-factor': { access: 'people role', usage: 'PERSON', prepare: (typed) => onPerson(typed, resetFactor) },
  'sign-out': { access: 'people role', usage: 'PERSON', prepare: (typed) => onPerson(typed, signOut) },
  remove: { access: 'people remove', usage: 'PERSON', prepare: (typed) => onPerson(typed, remove) },
};

/** `causeway people`: who is in the workspace, and who is to be. */
export async function runPeople(args: readonly string[], io: Io): Promise<number> {
  return args[0] === 'accept' ? runAccept(args.slice(1), io) : runVerbs('people', VERBS, args, io);
}

async function list({ workspace, principal, io, say, json }: Call): Promise<number> {
  const people = workspace.identity.people();
  say(people, people.map(presentPerson).join(''));
  const invitations = workspace.identity.invitations();
  if (!json && invitations.length > 0 && workspace.permissions.allowed(principal.role).includes('people.manage')) {
    io.stdout(`Invited:\n${invitations.map(presentInvitation).join('')}`);
  }
  return 0;
}

async function invite(call: Call, email: string, role: Role): Promise<number> {
  const { workspace, principal, say } = call;
  await prove(call, role);
  const made = await workspace.identity.invite(principal, { email, role });
  const { invitation, code } = made;
  say(
    made,
    `Invited, on record: ${presentInvitation(invitation)}Give them this code in person or another safe way; it is shown only now:\n  ${code}\nThey take it up with: causeway people accept --name THEIR_NAME\n`,
  );
  return 0;
}

async function withdraw({ workspace, principal, say }: Call, invitation: string): Promise<number> {
  await workspace.identity.withdrawInvitation(principal, invitation);
  say({ withdrawn: invitation }, `The invitation ${plain(invitation)} no longer holds.\n`);
  return 0;
}

function setRole(named: string, role: Role): Job {
  return async (call) => {
    const { workspace, principal, say } = call;
    const person = find(call, named);
    await prove(call, person.role, role);
    const changed = await workspace.identity.setRole(principal, person.id, role);
    say(changed, `Changed, on record: ${presentPerson(changed)}`);
    return 0;
  };
}

async function setAlias(call: Call, person: PersonView, of: string): Promise<number> {
  const { workspace, principal, say } = call;
  const aliasOf = of === 'none' ? null : find(call, of).id;
  await prove(call, person.role);
  const changed = await workspace.identity.setAlias(principal, person.id, aliasOf);
  say(changed, `Changed, on record: ${presentPerson(changed)}`);
  return 0;
}

async function resetFactor(call: Call, person: PersonView): Promise<number> {
  const { workspace, principal, say } = call;
  await prove(call, person.role);
  const changed = await workspace.identity.resetSecondFactor(principal, person.id);
  say(changed, `${plain(person.name)} signs in without a second factor until a new one is set up.\n`);
  return 0;
}

async function signOut(call: Call, person: PersonView): Promise<number> {
  const { workspace, principal, say } = call;
  await workspace.permissions.demand(principal, 'people.manage', person.role);
  const changed = await workspace.identity.signOutPerson(principal, person.id);
  say(changed, `${plain(person.name)} is signed out everywhere.\n`);
  return 0;
}

async function remove(call: Call, person: PersonView): Promise<number> {
  const { workspace, principal, say } = call;
  await prove(call, person.role);
  await workspace.identity.remove(principal, person.id);
  say({ removed: person.id }, `${plain(person.name)} is removed: sessions, keys and devices ended. Records stay.\n`);
  return 0;
}

/** Owners are managed by owners: that is said before anybody types a password. */
async function prove({ workspace, principal, io }: Call, ...about: readonly Role[]): Promise<void> {
  for (const role of about) await workspace.permissions.demand(principal, 'people.manage', role);
  demandPerson(principal);
  const proof = await askReauthentication(workspace, principal, io);
  await workspace.identity.reauthenticate(principal, proof);
}

function onPerson({ words }: Typed, act: (call: Call, person: PersonView) => Promise<number>): Job | null {
  const only = exactly(words, 1);
  return only && ((call) => act(call, find(call, only[0])));
}

/** @throws CausewayError `not-found` */
function find({ workspace }: Pick<Call, 'workspace'>, named: string): PersonView {
  const wanted = named.toLowerCase();
  const person = workspace.identity.people().find(({ id, email }) => id === wanted || email.toLowerCase() === wanted);
  if (person === undefined) {
    throw new CausewayError('not-found', `There is nobody called ${named} in this workspace. ${NAMED}`);
  }
  return person;
}

function presentPerson({ id, name, email, role, secondFactor, aliasOf, lockedUntil, sessions }: PersonView): string {
  const more = [
    ...(secondFactor ? ['second factor'] : []),
    ...(aliasOf === null ? [] : [`the same human as ${aliasOf}`]),
    ...(sessions > 0 ? ['signed in'] : []),
    ...(lockedUntil === null ? [] : [`locked until ${lockedUntil}`]),
  ];
  return `${id}  ${role.padEnd(8)}  ${plain(name)} <${plain(email)}>${more.map((one) => `, ${one}`).join('')}\n`;
}

function presentInvitation({ id, role, email, expiresAt }: InvitationView): string {
  return `${id}  ${role.padEnd(8)}  ${plain(email)}, until ${expiresAt}\n`;
}
