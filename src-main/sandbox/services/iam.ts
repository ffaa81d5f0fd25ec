import { z } from 'zod';
import type { AccountState } from '../account-state.ts';
import { noSuchPolicy } from '../iam/role-store.ts';
import { encodeRfc3986 } from '../sigv4.ts';
import { defineOperation, type Operation } from './operation.ts';

const RoleName = z.string().regex(/^[\w+=,.@-]{1,64}$/);
const PolicyName = z.string().regex(/^[\w+=,.@-]{1,128}$/);

/** Roles have no path here, so the ARN follows from the name whether or not the role exists. */
function onRole(input: { readonly RoleName: string }, account: AccountState) {
  return { resources: [`arn:aws:iam::${account.accountId}:role/${input.RoleName}`] };
}

const getRole = defineOperation({
  action: 'iam:GetRole',
  input: z.strictObject({ RoleName }),
  access: onRole,
  run: (input, { account }) => {
    const role = account.roles.byName(input.RoleName);
    return {
      Role: {
        Path: '/',
        RoleName: role.name,
        RoleId: role.id,
        Arn: role.arn,
        CreateDate: new Date(role.createdAt),
        AssumeRolePolicyDocument: encodeRfc3986(role.trustText),
        MaxSessionDuration: role.maxSessionSeconds,
      },
    };
  },
});

const putRolePolicy = defineOperation({
  action: 'iam:PutRolePolicy',
  input: z.strictObject({ RoleName, PolicyName, PolicyDocument: z.string().min(1).max(131_072) }),
  access: onRole,
  run: (input, { account }) => {
    account.roles.putInline(input.RoleName, input.PolicyName, input.PolicyDocument);
    return {};
  },
});

const getRolePolicy = defineOperation({
  action: 'iam:GetRolePolicy',
  input: z.strictObject({ RoleName, PolicyName }),
  access: onRole,
  run: (input, { account }) => {
    const found = account.roles.byName(input.RoleName).inline.get(input.PolicyName);
    if (found === undefined) throw noSuchPolicy(input.PolicyName);
    return {
      RoleName: input.RoleName,
      PolicyName: input.PolicyName,
      PolicyDocument: encodeRfc3986(found.text),
    };
  },
});

const deleteRolePolicy = defineOperation({
  action: 'iam:DeleteRolePolicy',
  input: z.strictObject({ RoleName, PolicyName }),
  access: onRole,
  run: (input, { account }) => {
    account.roles.deleteInline(input.RoleName, input.PolicyName);
    return {};
  },
});

const listRolePolicies = defineOperation({
  action: 'iam:ListRolePolicies',
  input: z.strictObject({ RoleName }),
  access: onRole,
  run: (input, { account }) => ({
    PolicyNames: [...account.roles.byName(input.RoleName).inline.keys()].sort(),
    IsTruncated: false,
  }),
});

export const IAM_OPERATIONS: readonly Operation[] = [
  getRole,
  putRolePolicy,
  getRolePolicy,
  deleteRolePolicy,
  listRolePolicies,
];
