import { AwsError } from '../http/aws-error.ts';
import { type Policy, parsePolicy } from './policy-document.ts';
import { randomUniqueId } from './unique-id.ts';

export interface Role {
  readonly name: string;
  readonly arn: string;
  /** `AROA…`: with the session name it is `aws:userid`. */
  readonly id: string;
  readonly createdAt: number;
  readonly maxSessionSeconds: number;
  readonly trust: Policy;
  readonly trustText: string;
  /** What the role may do; managed, so it is not counted among the inline policies. */
  readonly permissions: Policy;
  readonly inline: ReadonlyMap<string, { readonly text: string; readonly policy: Policy }>;
}

export interface NewRole {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly maxSessionSeconds: number;
  readonly trustText: string;
  readonly permissionsText: string;
}

/** IAM's quota for all inline policies of one role together; white space does not count. */
const MAX_INLINE_CHARACTERS = 10_240;

/** The roles of one account. A change is in force for running sessions at their next request, as at AWS. */
export interface RoleStore {
  byName(name: string): Role;
  byArn(arn: string): Role | undefined;
  putInline(roleName: string, policyName: string, text: string): void;
  deleteInline(roleName: string, policyName: string): void;
}

export function createRoleStore(roles: readonly NewRole[]): RoleStore {
  const byName = new Map<string, Role>(roles.map((role) => [role.name, build(role)]));
  const get = (name: string) => {
    const role = byName.get(name);
    if (role === undefined) throw new AwsError('NoSuchEntity', `The role with name ${name} cannot be found.`, 404);
    return role;
  };
  return {
    byName: get,
    byArn: (arn) => [...byName.values()].find((role) => role.arn === arn),
    putInline: (roleName, policyName, text) => {
      const role = get(roleName);
      const policy = parsePolicy(policyName, text, 'identity');
      if (typeof policy === 'string') throw new AwsError('MalformedPolicyDocument', policy);
      const inline = new Map(role.inline).set(policyName, { text, policy });
      const size = [...inline.values()].reduce((sum, entry) => sum + entry.text.replace(/\s/g, '').length, 0);
      if (size > MAX_INLINE_CHARACTERS) {
        throw new AwsError(
          'LimitExceeded',
          `Maximum policy size of ${MAX_INLINE_CHARACTERS} bytes exceeded for role ${roleName}`,
          409,
        );
      }
      byName.set(roleName, { ...role, inline });
    },
    deleteInline: (roleName, policyName) => {
      const role = get(roleName);
      const inline = new Map(role.inline);
      if (!inline.delete(policyName)) throw noSuchPolicy(policyName);
      byName.set(roleName, { ...role, inline });
    },
  };
}

export function noSuchPolicy(policyName: string): AwsError {
  return new AwsError('NoSuchEntity', `The role policy with name ${policyName} cannot be found.`, 404);
}

function build(role: NewRole): Role {
  const trust = parsePolicy('trust', role.trustText, 'trust');
  const permissions = parsePolicy(role.name, role.permissionsText, 'identity');
  if (typeof trust === 'string') throw new TypeError(trust);
  if (typeof permissions === 'string') throw new TypeError(permissions);
  return {
    name: role.name,
    arn: role.arn,
    id: randomUniqueId('AROA'),
    createdAt: role.createdAt,
    maxSessionSeconds: role.maxSessionSeconds,
    trust,
    trustText: role.trustText,
    permissions,
    inline: new Map(),
  };
}
