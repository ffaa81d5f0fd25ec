import type { TaskKind } from '#shared/model/task.ts';
import type { NewRole } from './role-store.ts';

/** Product C2: what each kind of task may do, and nothing else. */
const PERMISSIONS: Readonly<Record<TaskKind, readonly string[]>> = {
  'log-analysis': ['logs:StartQuery', 'logs:GetQueryResults', 'logs:GetLogEvents'],
  'metric-analysis': ['cloudwatch:GetMetricData', 'cloudwatch:GetMetricStatistics'],
  'infrastructure-inspection': ['ecs:Describe*', 'ec2:Describe*'],
  remediation: ['ecs:UpdateService', 'ecs:RegisterTaskDefinition'],
};

const ROLE_NAMES: Readonly<Record<TaskKind, string>> = {
  'log-analysis': 'CausewayLogAnalysis',
  'metric-analysis': 'CausewayMetricAnalysis',
  'infrastructure-inspection': 'CausewayInfrastructureInspection',
  remediation: 'CausewayRemediation',
};

const MAX_SESSION_SECONDS = 3600;

export function taskRoleArns(accountId: string): Readonly<Record<TaskKind, string>> {
  const arn = (kind: TaskKind) => `arn:aws:iam::${accountId}:role/${ROLE_NAMES[kind]}`;
  return {
    'log-analysis': arn('log-analysis'),
    'metric-analysis': arn('metric-analysis'),
    'infrastructure-inspection': arn('infrastructure-inspection'),
    remediation: arn('remediation'),
  };
}

const REVOCATION_ROLE = 'CausewayRevocation';

export function revocationRoleArn(accountId: string): string {
  return `arn:aws:iam::${accountId}:role/${REVOCATION_ROLE}`;
}

/**
 * The four roles of an account and the one that revokes their sessions; each trusts principals of its own account that
 * are themselves permitted to assume it.
 */
export function taskRoles(accountId: string, createdAt: number): readonly NewRole[] {
  const kinds: readonly TaskKind[] = ['log-analysis', 'metric-analysis', 'infrastructure-inspection', 'remediation'];
  const arns = taskRoleArns(accountId);
  const common = {
    createdAt,
    maxSessionSeconds: MAX_SESSION_SECONDS,
    trustText: policyText({
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${accountId}:root` },
      Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'],
    }),
  };
  const revocation: NewRole = {
    ...common,
    name: REVOCATION_ROLE,
    arn: revocationRoleArn(accountId),
    permissionsText: policyText({
      Effect: 'Allow',
      Action: ['iam:GetRole', 'iam:PutRolePolicy', 'iam:GetRolePolicy', 'iam:DeleteRolePolicy', 'iam:ListRolePolicies'],
      Resource: Object.values(arns),
    }),
  };
  return [
    ...kinds.map((kind) => ({
      ...common,
      name: ROLE_NAMES[kind],
      arn: arns[kind],
      permissionsText: policyText({ Effect: 'Allow', Action: PERMISSIONS[kind], Resource: '*' }),
    })),
    revocation,
  ];
}

/**
 * What the console's own user may do: assume the five roles, see them, and make and use the keys that sign the audit
 * trail and wrap data keys (with a real account, keys are made by somebody else).
 */
export function consoleUserPolicy(accountId: string): string {
  const signing = {
    Effect: 'Allow',
    Action: [
      'kms:CreateKey',
      'kms:Decrypt',
      'kms:DescribeKey',
      'kms:GenerateDataKey',
      'kms:GetPublicKey',
      'kms:ListKeys',
      'kms:Sign',
      'kms:Verify',
    ],
    Resource: '*',
  };
  const roles = {
    Effect: 'Allow',
    Action: ['sts:AssumeRole', 'sts:SetSourceIdentity', 'iam:GetRole'],
    Resource: [...Object.values(taskRoleArns(accountId)), revocationRoleArn(accountId)],
  };
  return policyText(roles, signing);
}

function policyText(...statements: readonly object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}
