import { CausewayError } from '#shared/errors.ts';
import type { PermissionMatrix } from '#shared/ipc/access-views.ts';
import { PERMISSIONS, type Permission, Role } from '#shared/model/access.ts';
import { type Clock, wallClock } from '../platform/clock.ts';
import type { AuditWriter } from './audit-port.ts';
import { PERMISSION_POLICIES } from './cedar/permission-policies.ts';
import { PERMISSION_SCHEMA } from './cedar/permission-schema.ts';
import type { PolicySource } from './cedar-rules.ts';
import { type CedarAnswer, type CedarSet, openCedarSet } from './cedar-set.ts';
import { createDenialLog, type DenialReason, type PermissionAsker } from './denial-log.ts';
import { PERMISSION_TEXTS } from './permission-texts.ts';

export interface Permissions {
  /** Lowercase hex SHA-256 of the permission policies and their schema. */
  readonly version: string;
  /** What a person of this role may do in their own workspace. */
  allowed(role: Role): readonly Permission[];
  /**
   * Resolves when the principal may do this in this workspace. `about` is the role of the person it is done to, or is to
   * become, where that matters: owners are managed by owners.
   * @throws CausewayError `denied` with reason `tenant` or `permission`. It is on record; where the trail cannot be
   * written it is refused all the same.
   */
  demand(principal: PermissionAsker, permission: Permission, about?: Role): Promise<void>;
  /** Every role and permission, as the policies answer. */
  matrix(): PermissionMatrix;
  /** Writes how many refusals were left out of the trail so far. Never rejects: a failure is told as a warning. */
  close(): Promise<void>;
}

export interface PermissionsOptions {
  /** Of the workspace that is open. */
  readonly tenant: string;
  readonly audit: AuditWriter;
  readonly clock?: Clock;
  /** Told of a refusal that could not be recorded. */
  readonly onWarning?: (error: unknown, what: string) => void;
  /** The product's own unless a test gives others. */
  readonly source?: PolicySource;
}

/** @throws CausewayError `internal` when the permission policies do not hold together: then nobody may do anything */
export async function loadPermissions(options: PermissionsOptions): Promise<Permissions> {
  const { tenant, audit, clock = wallClock, onWarning = () => {} } = options;
  const set = openCedarSet(options.source ?? { policies: PERMISSION_POLICIES, schema: PERMISSION_SCHEMA });
  const matrix = askAll(set, tenant);
  const denials = createDenialLog(audit, clock);
  return {
    version: set.version,
    allowed: (role) => matrix.rows.filter(({ allowed }) => allowed[role]).map(({ permission }) => permission),
    demand: async (principal, permission, about) => {
      const answer = ask(set, tenant, principal, permission, about);
      if (answer.decision === 'allow') return;
      const reason = reasonOf(answer);
      let cause: unknown;
      try {
        await denials.note(principal, permission, reason);
      } catch (error) {
        cause = error;
        onWarning(error, 'A refusal could not be recorded');
      }
      throw refusal(answer, permission, reason, cause);
    },
    matrix: () => matrix,
    close: async () => {
      try {
        await denials.close();
      } catch (error) {
        onWarning(error, 'Refusals could not be counted on record');
      }
    },
  };
}

type Asker = Pick<PermissionAsker, 'type' | 'id' | 'role' | 'tenant' | 'scopes'>;

function ask(set: CedarSet, tenant: string, asker: Asker, permission: Permission, about?: Role): CedarAnswer {
  const principal = { type: asker.type === 'user' ? 'Person' : 'ApiKey', id: asker.id };
  const resource = { type: 'Workspace', id: tenant };
  const scopes = asker.type === 'user' ? {} : { scopes: [...(asker.scopes ?? [])] }; // no scopes: for nothing
  return set.ask({
    principal,
    action: permission,
    resource,
    context: { permission, ...(about === undefined ? {} : { about }) },
    entities: [
      { uid: principal, attrs: { tenant: asker.tenant, ...scopes }, parents: [{ type: 'Role', id: asker.role }] },
      { uid: resource, attrs: { tenant }, parents: [] },
    ],
  });
}

function askAll(set: CedarSet, tenant: string): PermissionMatrix {
  const roles = [...Role.options];
  const rows = PERMISSIONS.map((permission) => {
    const answers = roles.map((role) => ask(set, tenant, { type: 'user', id: 'anybody', role, tenant }, permission));
    const permitting = answers.filter(({ decision }) => decision === 'allow').flatMap(({ policies }) => policies);
    const allowed = (role: Role) => answers[roles.indexOf(role)]?.decision === 'allow';
    return {
      permission,
      text: PERMISSION_TEXTS[permission],
      allowed: {
        owner: allowed('owner'),
        admin: allowed('admin'),
        operator: allowed('operator'),
        viewer: allowed('viewer'),
      },
      policies: [...new Set(permitting)].slice(0, 32),
    };
  });
  return { roles, rows, policyVersion: set.version };
}

const REASONS: Readonly<Record<string, DenialReason>> = {
  'own-workspace-only': 'tenant',
  'key-within-its-scopes': 'scope',
  'key-is-no-person': 'person',
};

/** Another workspace's principal is told so, whatever else is wrong. */
function reasonOf({ policies, grounds }: CedarAnswer): DenialReason {
  if (grounds === 'failure') return 'unknown';
  for (const [id, named] of Object.entries(REASONS)) if (policies.includes(id)) return named;
  return 'role';
}

function refusal(answer: CedarAnswer, permission: Permission, reason: DenialReason, cause: unknown): CausewayError {
  const options = { reason: reason === 'tenant' ? 'tenant' : 'permission', cause };
  const unrecorded = cause === undefined ? '' : ' The audit trail cannot be written, so this refusal is not on record.';
  const text = sentence(answer, permission, reason);
  return new CausewayError('denied', `${text} Nothing was done.${unrecorded}`, options);
}

function sentence(answer: CedarAnswer, permission: Permission, reason: DenialReason): string {
  switch (reason) {
    case 'tenant':
    case 'scope':
    case 'person':
      return answer.reason;
    case 'role':
      return answer.grounds === 'policy'
        ? answer.reason
        : `Your role does not permit this (${permission}). Ask an owner or administrator of the workspace.`;
    case 'unknown':
      return `Whether this is permitted could not be decided, so it is refused: ${answer.reason}`;
  }
}
