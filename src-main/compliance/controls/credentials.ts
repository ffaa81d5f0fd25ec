import { AGENT_OF_TASK, TaskKind } from '#shared/model/task.ts';
import { type ControlDefinition, gdpr, iso, kvkk, lgpd, soc2 } from './control-definition.ts';
import { defineTest } from './define-test.ts';
import { type ByText, duration, late, MINUTE, name, readText, readTexts, readTime, slot } from './record-values.ts';

const LEASE_MS = 15 * MINUTE;
/** A second for rounding. */
const LEASE_MOST_MS = LEASE_MS + 1000;
const END_WITHIN_MS = 5 * MINUTE;

type OpenLease = { seq: number; expiresAt: number };
type Leases = { open: ByText<OpenLease>; unconfirmed: ByText<number> };

const TEMPORARY: ControlDefinition = {
  id: 'IA-04',
  name: 'Temporary credentials',
  kind: 'technical',
  objective:
    'Cloud credentials live for 15 minutes at most, one lease per task, and are revoked at its end; nothing lasting is kept.',
  frequency: 'event',
  effort: 'M',
  remedy:
    'Issue leases by STS AssumeRole for 15 minutes, revoke each when its task ends, and set up the role that ends sessions in the cloud.',
  criteria: [
    soc2('CC6.1', 'Access to the cloud is by credentials of 15 minutes.'),
    soc2('CC6.3', 'Access is taken away when the task is over.'),
    soc2('CC6.2', 'Each issuing of credentials is on record, with for whom.'),
    iso('A.8.2', 'Privileged access is given for a task and taken away after it.'),
    iso('A.5.17', 'Credentials are short-lived and held in memory only.'),
    iso('A.5.18', 'Rights of access end with their reason.'),
    gdpr('32', 'Access to systems with personal data ends with its reason.'),
    lgpd('46', 'A technical measure against lasting credentials.'),
    kvkk('12', 'A technical measure against lasting credentials.'),
  ],
  needsOccurrence: true,
  selfCheck: true,
  test: defineTest<Leases>(
    'IA-04',
    {
      actions: ['credential.issued', 'credential.revoked', 'credential.expired'],
      occurrenceRule: 'Each lease issued (credential.issued, success).',
      deviationRule:
        'A lease longer than 15 minutes (too-long); a lease with no record of its end five minutes after its expiry (not-ended, about the issuing; put right by the record of its end); a revocation the cloud did not confirm (revocation-failed, about the revocation; put right when a later record says that the lease was revoked there or has expired).',
      begin: () => ({ open: {}, unconfirmed: {} }),
      take: ({ open, unconfirmed }, { seq, time, record: { action, outcome, target, links, data } }, sink) => {
        const id = links?.lease ?? target.id;
        const key = slot(id);
        if (action === 'credential.issued') {
          if (outcome !== 'success') return;
          sink.occurrence();
          const issuedAt = readTime(data.issuedAt) ?? time;
          const expiresAt = readTime(data.expiresAt);
          if (expiresAt === null || expiresAt - issuedAt > LEASE_MOST_MS) {
            const long = expiresAt === null ? 'with no end' : `for ${duration(expiresAt - issuedAt)}`;
            sink.deviation('too-long', `The lease ${name(id)} was issued ${long}, not for 15 minutes at most.`);
          }
          open[key] = { seq, expiresAt: expiresAt ?? time + LEASE_MS };
          return;
        }
        const lease = open[key];
        if (lease !== undefined) {
          if (time > lease.expiresAt + END_WITHIN_MS) late(sink, 'not-ended', notEnded(id), lease.seq);
          delete open[key];
        }
        const before = unconfirmed[key];
        const failed = action === 'credential.revoked' && data.cloud === 'failed';
        if (!failed) {
          if (before === undefined) return;
          delete unconfirmed[key];
          sink.fixed('revocation-failed', before);
        } else if (before === undefined) {
          unconfirmed[key] = seq;
          sink.deviation('revocation-failed', `The cloud did not confirm that the session of ${name(id)} was ended.`);
        }
      },
      settle: ({ open }, at, sink) => {
        for (const [key, { seq, expiresAt }] of Object.entries(open)) {
          if (at > expiresAt + END_WITHIN_MS) sink.deviation('not-ended', notEnded(key.slice(1)), seq);
        }
      },
    },
    'watched',
  ),
};

function notEnded(lease: string): string {
  return `The lease ${name(lease)} had no end on record five minutes after its expiry.`;
}

/** What the design lets each kind of task do at most: said here again, so that the rule does not follow the code it tests. */
const TASK_ACTIONS: Readonly<Record<TaskKind, readonly string[]>> = {
  'log-analysis': ['logs:GetQueryResults', 'logs:StartQuery', 'logs:GetLogEvents'],
  'metric-analysis': ['cloudwatch:GetMetricData', 'cloudwatch:GetMetricStatistics'],
  'infrastructure-inspection': ['ecs:Describe*', 'ec2:Describe*'],
  remediation: ['ecs:UpdateService', 'ecs:RegisterTaskDefinition'],
};

const allows = (patterns: readonly string[], action: string): boolean =>
  patterns.some((one) => (one.endsWith('*') ? action.startsWith(one.slice(0, -1)) : action === one));

const LEAST_PRIVILEGE: ControlDefinition = {
  id: 'AC-03',
  name: 'Least privilege per task',
  kind: 'technical',
  objective:
    'A lease lets an agent do what its kind of task needs and nothing else; changes only to the approved resources.',
  frequency: 'event',
  effort: 'M',
  remedy:
    'Narrow each lease by a session policy of its task, and a remediation lease to the resources of the approved plan.',
  criteria: [
    soc2('CC6.1', 'Permissions are narrowed to the task.'),
    soc2('CC6.3', 'Least privilege and separation of duties between agents.'),
    soc2('CC5.2', 'A technical control of what agents may do.'),
    iso('A.8.2', 'Privileged rights are restricted and given for a purpose.'),
    iso('A.5.3', 'Reading and changing are different duties with different rights.'),
    iso('A.8.3', 'Access to information is restricted to what the task needs.'),
    gdpr('25', 'By default only the data a task needs are accessible.'),
    lgpd('46', 'A technical measure of restricted access.'),
    kvkk('12', 'A technical measure of restricted access.'),
  ],
  needsOccurrence: true,
  selfCheck: true,
  test: defineTest<{ leases: ByText<string[]> }>(
    'AC-03',
    {
      actions: ['credential.issued', 'credential.revoked', 'credential.expired', 'investigation.system_called'],
      occurrenceRule: 'Each lease issued (credential.issued, success).',
      deviationRule:
        'A lease for another agent than its task has (other-agent), with an action its task may not have (beyond-task), or for a remediation with every resource or none named (any-resource); a call of an agent that the cloud answered with success although its live lease does not have the action (beyond-lease).',
      begin: () => ({ leases: {} }),
      take: ({ leases }, { record: { action, outcome, actor, target, links, data } }, sink) => {
        const key = slot(links?.lease ?? target.id);
        if (action === 'investigation.system_called') {
          const lease = actor.type === 'agent' ? leases[key] : undefined;
          if (lease === undefined || outcome !== 'success' || data.phase === 'intent') return;
          const operation = readText(data.operation) ?? '';
          if (!allows(lease, operation)) {
            sink.deviation(
              'beyond-lease',
              `${name(actor.id)} called ${name(operation)}, which its lease does not have.`,
            );
          }
          return;
        }
        if (action !== 'credential.issued') {
          delete leases[key];
          return;
        }
        if (outcome !== 'success') return;
        sink.occurrence();
        const task = TaskKind.safeParse(data.task);
        const actions = readTexts(data.actions);
        leases[key] = [...actions];
        if (!task.success) {
          sink.deviation('beyond-task', 'The lease is of no known kind of task.');
          return;
        }
        if (data.agent !== AGENT_OF_TASK[task.data]) {
          sink.deviation('other-agent', `A lease for ${task.data} was issued to ${name(data.agent)}.`);
        }
        const beyond = actions.filter(
          (one) => !TASK_ACTIONS[task.data].includes(one) && !allows(TASK_ACTIONS[task.data], one),
        );
        if (beyond.length > 0) {
          sink.deviation('beyond-task', `A lease for ${task.data} has ${beyond.slice(0, 8).map(name).join(', ')}.`);
        }
        const resources = readTexts(data.resources);
        if (
          task.data === 'remediation' &&
          (resources.length === 0 || resources.some((one) => /^\*$|[:/]\*$/.test(one) && !isFamily(one)))
        ) {
          sink.deviation('any-resource', 'A lease for a change is not narrowed to named resources.');
        }
      },
    },
    'watched',
  ),
};

/** Every revision of one task definition: a new revision is what registering makes. */
function isFamily(arn: string): boolean {
  return /:task-definition\/[^:*?/]+:\*$/.test(arn);
}

type Secrets = { deleted: ByText<true>; retired: ByText<true> };

const ENVELOPE: ControlDefinition = {
  id: 'SC-01',
  name: 'Envelope encryption of secrets',
  kind: 'technical',
  objective:
    'Secrets of integrations are kept under AES-256-GCM data keys wrapped by a key of the keychain or KMS; a stolen database file yields nothing.',
  frequency: 'event',
  effort: 'M',
  remedy:
    'Keep every integration secret in the vault, under a wrapping key of the keychain or KMS, and rotate that key.',
  criteria: [
    soc2('CC6.1', 'Secrets are protected by encryption, the keys kept apart from them.'),
    soc2('CC6.7', 'Secrets are protected wherever they rest.'),
    soc2('C1.1', 'Confidential information is protected for as long as it is kept.'),
    iso('A.8.24', 'Secrets are encrypted under data keys that a managed key wraps.'),
    iso('A.5.17', 'Secrets that authenticate are kept encrypted.'),
    gdpr('32', 'Encryption as a measure of security.'),
    lgpd('46', 'A technical measure of encryption.'),
    kvkk('12', 'A technical measure of encryption.'),
  ],
  needsOccurrence: true,
  selfCheck: true,
  test: defineTest<Secrets>(
    'SC-01',
    {
      actions: [
        'credential.secret_stored',
        'credential.secret_used',
        'credential.secret_deleted',
        'credential.key_rotated',
      ],
      occurrenceRule:
        'Each secret stored under a wrapping key or opened for use (credential.secret_stored and credential.secret_used, success), and each change of the wrapping key (credential.key_rotated, purpose data-encryption).',
      deviationRule:
        'A secret stored without a wrapping key (no-key) or under one that was rotated away (retired-key), and one opened after it was deleted (used-after-deletion).',
      begin: () => ({ deleted: {}, retired: {} }),
      take: ({ deleted, retired }, { record: { action, outcome, target, data } }, sink) => {
        if (outcome !== 'success') return;
        if (action === 'credential.key_rotated') {
          if (data.purpose !== 'data-encryption') return;
          sink.occurrence();
          const old = readText(data.oldKey);
          if (old !== null) retired[slot(old)] = true;
          delete retired[slot(target.id)]; // a key that is taken again
          return;
        }
        const secret = slot(readText(data.secret) ?? '');
        if (action === 'credential.secret_deleted') {
          deleted[secret] = true;
          return;
        }
        sink.occurrence();
        if (action === 'credential.secret_used') {
          if (deleted[secret])
            sink.deviation('used-after-deletion', `The secret ${name(data.secret)} was deleted before.`);
          return;
        }
        delete deleted[secret];
        const key = readText(data.wrappingKey);
        if (key === null)
          sink.deviation('no-key', `The secret ${name(data.secret)} was stored without a wrapping key.`);
        else if (retired[slot(key)]) {
          sink.deviation(
            'retired-key',
            `The secret ${name(data.secret)} was stored under a key that was rotated away.`,
          );
        }
      },
    },
    'watched',
  ),
};

export const CREDENTIAL_CONTROLS: readonly ControlDefinition[] = [TEMPORARY, LEAST_PRIVILEGE, ENVELOPE];
