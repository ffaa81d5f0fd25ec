import { deflateRawSync } from 'node:zlib';
import { z } from 'zod';
import { AwsError } from '../http/aws-error.ts';
import { refuse } from '../http/refusals.ts';
import { serviceTraits } from '../http/service-table.ts';
import { decideTrust, type RequestContext } from '../iam/evaluate.ts';
import { parsePolicy } from '../iam/policy-document.ts';
import { newSessionSecrets, principalContext, type SessionPrincipal } from '../iam/principal.ts';
import type { Role } from '../iam/role-store.ts';
import { type Call, defineOperation, type Operation } from './operation.ts';

const NAME = /^[\w+=,.@-]{2,64}$/;
const DEFAULT_SECONDS = 3600;
const CHAINED_MAX_SECONDS = 3600;

const AssumeRoleInput = z.strictObject({
  RoleArn: z.string().min(20).max(2048),
  RoleSessionName: z.string().regex(NAME),
  DurationSeconds: z
    .string()
    .regex(/^\d{1,6}$/)
    .transform(Number)
    .pipe(z.number().min(900).max(43_200))
    .optional(),
  Policy: z.string().min(1).max(2048).optional(),
  SourceIdentity: z.string().regex(NAME).optional(),
});
type AssumeRoleInput = z.infer<typeof AssumeRoleInput>;

const assumeRole = defineOperation({
  action: 'sts:AssumeRole',
  input: AssumeRoleInput,
  // The trust policy is evaluated together with the caller's own, and an unknown role is denied rather than not found.
  access: 'by-itself',
  run: (input, call) => {
    const role = demandAssume(input, call);
    const seconds = checkDuration(input, role, call);
    const { policy, packedPercent } = readSessionPolicy(input.Policy);
    const inherited = call.principal.type === 'session' ? call.principal.sourceIdentity : undefined;
    const session: SessionPrincipal = {
      type: 'session',
      arn: `arn:aws:sts::${call.account.accountId}:assumed-role/${role.name}/${input.RoleSessionName}`,
      userId: `${role.id}:${input.RoleSessionName}`,
      accountId: call.account.accountId,
      roleName: role.name,
      roleArn: role.arn,
      sessionName: input.RoleSessionName,
      sourceIdentity: inherited ?? input.SourceIdentity,
      sessionPolicy: policy,
      issuedAt: call.now,
      expiresAt: Math.floor(call.now / 1000) * 1000 + seconds * 1000,
      ...newSessionSecrets(),
    };
    call.account.sessions.add(session);
    return {
      Credentials: {
        AccessKeyId: session.accessKeyId,
        SecretAccessKey: session.secretAccessKey,
        SessionToken: session.sessionToken,
        Expiration: new Date(session.expiresAt),
      },
      AssumedRoleUser: { AssumedRoleId: session.userId, Arn: session.arn },
      PackedPolicySize: packedPercent,
      SourceIdentity: session.sourceIdentity,
    };
  },
});

/** Both the caller's policies and the role's trust policy must allow it; setting a source identity is an action of its own. */
function demandAssume(input: AssumeRoleInput, call: Call): Role {
  const { account, principal } = call;
  const context: RequestContext = {
    'sts:rolesessionname': input.RoleSessionName,
    'sts:sourceidentity': input.SourceIdentity,
  };
  const actions = input.SourceIdentity === undefined ? ['sts:AssumeRole'] : ['sts:AssumeRole', 'sts:SetSourceIdentity'];
  const role = account.roles.byArn(input.RoleArn);
  const principalForms = [
    principal.arn,
    principal.accountId,
    `arn:aws:iam::${principal.accountId}:root`,
    ...(principal.type === 'session' ? [principal.roleArn] : []),
  ];
  for (const action of actions) {
    call.demand(action, input.RoleArn, context);
    const request = {
      action,
      resource: input.RoleArn,
      context: { ...principalContext(principal, call.region, call.now), ...context },
      principalForms,
    };
    if (role === undefined || !decideTrust(role.trust, request)) {
      throw denied(`User: ${principal.arn} is not authorized to perform: ${action} on resource: ${input.RoleArn}`);
    }
  }
  if (role === undefined) throw denied(`${input.RoleArn} cannot be assumed`);
  const current = principal.type === 'session' ? principal.sourceIdentity : undefined;
  if (current !== undefined && input.SourceIdentity !== undefined && input.SourceIdentity !== current) {
    throw denied(`User: ${principal.arn} cannot change the source identity of its session`);
  }
  return role;
}

function checkDuration(input: AssumeRoleInput, role: Role, call: Call): number {
  const seconds = input.DurationSeconds ?? Math.min(DEFAULT_SECONDS, role.maxSessionSeconds);
  if (call.principal.type === 'session' && seconds > CHAINED_MAX_SECONDS) {
    throw invalid('The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining');
  }
  if (seconds > role.maxSessionSeconds) {
    throw invalid('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  }
  return seconds;
}

/** AWS does not publish its packed form; here it is the DEFLATE size against this many bytes. */
const PACKED_BYTES = 1024;

function readSessionPolicy(text: string | undefined) {
  if (text === undefined) return { policy: undefined, packedPercent: undefined };
  const policy = parsePolicy('session', text, 'identity');
  if (typeof policy === 'string') throw new AwsError('MalformedPolicyDocument', policy);
  const packedPercent = Math.ceil((deflateRawSync(text).length / PACKED_BYTES) * 100);
  if (packedPercent > 100) {
    throw new AwsError('PackedPolicyTooLarge', `Packed policy consumes ${packedPercent}% of allotted space.`);
  }
  return { policy, packedPercent };
}

function denied(message: string): AwsError {
  return refuse(serviceTraits('sts'), 'denied', message);
}

function invalid(message: string): AwsError {
  return refuse(serviceTraits('sts'), 'invalid-input', message);
}

const getCallerIdentity = defineOperation({
  action: 'sts:GetCallerIdentity',
  input: z.strictObject({}),
  // AWS answers this to anybody with valid credentials, even against an explicit deny.
  access: 'by-itself',
  run: (_input, { principal }) => ({ UserId: principal.userId, Account: principal.accountId, Arn: principal.arn }),
});

export const STS_OPERATIONS: readonly Operation[] = [assumeRole, getCallerIdentity];
