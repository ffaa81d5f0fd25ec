import type { Approvers } from '#main/approvals/approvers.ts';
import type { Principal } from '#main/identity/principal.ts';
import { CausewayError } from '#shared/errors.ts';
import type { Permission, Reauthentication, Role } from '#shared/model/access.ts';

export const PROOF: Reauthentication = { method: 'password', password: 'correct horse battery' };

function person(id: string, role: Role, name: string, human = id): Principal {
  const device = { id: `d-${id}`, name: `Device of ${name}` };
  return { type: 'user', id, human, name, role, tenant: 'acme', session: `s-${id}`, device };
}

/** Who investigates: the agents ask on their behalf. */
export const REQUESTER = person('u-000000000001', 'operator', 'Demo Requester');
/** Another account of the same human. */
export const REQUESTER_ALIAS = person('u-00000000000a', 'admin', 'Demo Requester II', REQUESTER.id);
export const APPROVER = person('u-000000000002', 'operator', 'Demo Approver');
export const APPROVER_ALIAS = person('u-00000000000b', 'operator', 'Demo Approver II', APPROVER.id);
export const SECOND = person('u-000000000003', 'admin', 'Demo Second');
export const VIEWER = person('u-000000000004', 'viewer', 'Demo Viewer');
/** An API key of somebody who may approve themselves. */
export const API_KEY: Principal = { ...APPROVER, type: 'api_key', id: 'key-000000000001', session: 'key-000000000001' };
/** An API key of the requester. */
export const REQUESTER_KEY: Principal = { ...API_KEY, id: 'key-000000000002', human: REQUESTER.id };

const EVERYBODY = [REQUESTER, REQUESTER_ALIAS, APPROVER, APPROVER_ALIAS, SECOND, VIEWER, API_KEY, REQUESTER_KEY];
const MAY: Readonly<Record<Role, readonly Permission[]>> = {
  owner: ['approvals.decide', 'approvals.break-glass', 'approvals.review'],
  admin: ['approvals.decide', 'approvals.review'],
  operator: ['approvals.decide', 'approvals.break-glass', 'approvals.review'],
  viewer: [],
};

export interface TestPeople extends Approvers {
  /** How often somebody was asked for their password. */
  asked: number;
  /** Something that happens while a password is being checked. */
  meanwhile: () => void | Promise<void>;
  /** Whose device keys are, and who registered them. */
  readonly bindings: Map<string, { readonly person: string; readonly registeredBy: string }>;
  /** Accounts that are not in the workspace any more, or may not decide. */
  readonly gone: Set<string>;
}

/** Of the key the answers of a desk are signed with unless a test says otherwise. */
export const DEVICE_KEY = '0123456789abcdef';

/** People who know one password. */
export function testPeople(): TestPeople {
  return {
    asked: 0,
    meanwhile: () => undefined,
    bindings: new Map([[DEVICE_KEY, { person: APPROVER.id, registeredBy: APPROVER.id }]]),
    gone: new Set(),
    eligible: () =>
      EVERYBODY.filter(({ type, role }) => type === 'user' && MAY[role].includes('approvals.decide')).map(
        ({ id, human }) => ({ id, human }),
      ),
    humanBehind: (id) => EVERYBODY.find((one) => one.id === id)?.human ?? id,
    nameOf: (id) => EVERYBODY.find((one) => one.id === id)?.name ?? id,
    mayNow(id, permission) {
      const role = EVERYBODY.find((one) => one.id === id && one.type === 'user')?.role;
      return role !== undefined && !this.gone.has(id) && MAY[role].includes(permission);
    },
    deviceBinding(keyId) {
      return this.bindings.get(keyId) ?? null;
    },
    may: ({ role }, permission) => MAY[role].includes(permission),
    async reauthenticate(_by, proof) {
      this.asked += 1;
      await this.meanwhile();
      if (proof.method === 'totp') return 'totp';
      if (proof.password === 'correct horse battery') return 'password';
      throw new CausewayError('reauthentication-required', 'The password is wrong.', { reason: 'wrong' });
    },
  };
}
