import { z } from 'zod';
import {
  Email,
  Password,
  Permission,
  PersonId,
  PersonName,
  Reauthentication,
  Role,
  SecondFactor,
  SHORTEST_PASSWORD,
  WorkspaceSummary,
} from '../model/access.ts';
import {
  AccessState,
  ApiKeyView,
  DeviceView,
  InvitationView,
  LeaseView,
  NewApiKey,
  NewInvitation,
  OfferedDevice,
  PermissionMatrix,
  PersonView,
  RecoveryCodes,
  SecondFactorSetup,
  SignInResult,
} from './access-views.ts';
import { Cancellable, type ChannelTerms, Nothing } from './channel-terms.ts';

const NewPassword = Password.min(SHORTEST_PASSWORD);
const Person = z.strictObject({ person: PersonId });

/** Signing in and out, the own account, the people of the workspace, and the credentials that live in it. */
export const ACCESS_CHANNELS = {
  'access.state': { access: 'public', input: Nothing, output: AccessState },
  /** The first run: a workspace with its owner, who is signed in by it. */
  'access.createWorkspace': {
    access: 'public',
    input: z.strictObject({
      title: WorkspaceSummary.shape.title,
      name: PersonName,
      email: Email,
      password: NewPassword,
    }),
    output: AccessState,
  },
  /** The owner of a workspace that has no people yet. */
  'access.createOwner': {
    access: 'public',
    input: z.strictObject({ name: PersonName, email: Email, password: NewPassword }),
    output: AccessState,
  },
  'access.chooseWorkspace': {
    access: 'public',
    input: z.strictObject({ tenant: WorkspaceSummary.shape.tenant }),
    output: AccessState,
  },
  'access.signIn': {
    access: 'public',
    input: z.strictObject({ email: Email, password: Password, code: SecondFactor.optional() }),
    output: SignInResult,
  },
  'access.acceptInvitation': {
    access: 'public',
    input: z.strictObject({ code: z.string().trim().max(64), name: PersonName, password: NewPassword }),
    output: AccessState,
  },
  'access.lock': { access: 'signed-in', input: Nothing, output: AccessState },
  'access.unlock': { access: 'public', input: z.strictObject({ password: Password }), output: AccessState },
  'access.signOut': { access: 'public', input: z.strictObject({ everywhere: z.boolean() }), output: AccessState },
  /** The person did something: the idle time starts anew. */
  'access.stayAwake': { access: 'signed-in', input: Nothing, output: Nothing },

  'account.changePassword': {
    access: 'signed-in',
    input: z.strictObject({ current: Password, next: NewPassword }),
    output: Nothing,
  },
  'account.beginSecondFactor': {
    access: 'signed-in',
    input: z.strictObject({ password: Password }),
    output: SecondFactorSetup,
  },
  'account.confirmSecondFactor': {
    access: 'signed-in',
    input: z.strictObject({ code: SecondFactor }),
    output: RecoveryCodes,
  },
  'account.renewRecoveryCodes': {
    access: 'signed-in',
    input: z.strictObject({ reauthentication: Reauthentication }),
    output: RecoveryCodes,
  },

  'people.list': { access: 'people.read', input: Nothing, output: z.array(PersonView).max(10_000) },
  'people.invitations': { access: 'people.manage', input: Nothing, output: z.array(InvitationView).max(1000) },
  'people.invite': {
    access: 'people.manage',
    input: z.strictObject({ email: Email, role: Role, reauthentication: Reauthentication }),
    output: NewInvitation,
  },
  'people.withdrawInvitation': {
    access: 'people.manage',
    input: z.strictObject({ invitation: z.string().max(64) }),
    output: Nothing,
  },
  'people.setRole': {
    access: 'people.manage',
    input: z.strictObject({ person: PersonId, role: Role, reauthentication: Reauthentication }),
    output: PersonView,
  },
  'people.setAlias': {
    access: 'people.manage',
    input: z.strictObject({ person: PersonId, aliasOf: PersonId.nullable(), reauthentication: Reauthentication }),
    output: PersonView,
  },
  'people.remove': {
    access: 'people.manage',
    input: z.strictObject({ person: PersonId, reauthentication: Reauthentication }),
    output: Nothing,
  },
  'people.resetSecondFactor': {
    access: 'people.manage',
    input: z.strictObject({ person: PersonId, reauthentication: Reauthentication }),
    output: PersonView,
  },
  'people.signOut': { access: 'people.manage', input: Person, output: PersonView },
  'access.matrix': { access: 'people.read', input: Nothing, output: PermissionMatrix },

  'apiKeys.list': { access: 'people.read', input: Nothing, output: z.array(ApiKeyView).max(1000) },
  'apiKeys.create': {
    access: 'api-keys.manage',
    input: z.strictObject({
      label: z.string().trim().min(1).max(100),
      scopes: z.array(Permission).min(1).max(32),
      days: z.int().min(1).max(365),
      reauthentication: Reauthentication,
    }),
    output: NewApiKey,
  },
  'apiKeys.revoke': {
    access: 'api-keys.manage',
    input: z.strictObject({ apiKey: z.string().max(64) }),
    output: ApiKeyView,
  },

  'devices.list': { access: 'people.read', input: Nothing, output: z.array(DeviceView).max(1000) },
  /** Opens the save dialog: the person's public key at this device, for them to register at another console. */
  'devices.exportOwn': {
    access: 'signed-in',
    input: Nothing,
    output: Cancellable(z.strictObject({ file: z.string(), keyId: z.string().max(64) })),
  },
  /** Opens the file dialog: the key of the person's own device elsewhere, to be compared before it is registered. */
  'devices.choose': { access: 'signed-in', input: Nothing, output: Cancellable(OfferedDevice) },
  /** For whoever is signed in, and nobody else: the file chosen before, if its key is the one that was compared. */
  'devices.register': {
    access: 'signed-in',
    input: z.strictObject({ keyId: z.string().max(64), reauthentication: Reauthentication }),
    output: DeviceView,
  },
  /** The own one; with people.manage also somebody else's. */
  'devices.remove': {
    access: 'signed-in',
    input: z.strictObject({ device: z.string().max(64) }),
    output: Nothing,
  },

  'leases.list': { access: 'incidents.read', input: Nothing, output: z.array(LeaseView).max(1000) },
  'leases.revoke': {
    access: 'leases.revoke',
    input: z.strictObject({ lease: z.string().max(64) }),
    output: z.array(LeaseView).max(1000),
  },
} as const satisfies Readonly<Record<string, ChannelTerms>>;
