import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Principal } from '#main/identity/principal.ts';
import { PERMISSION_POLICIES } from '#main/policy/cedar/permission-policies.ts';
import { PERMISSION_SCHEMA } from '#main/policy/cedar/permission-schema.ts';
import { loadPermissions, type Permissions, type PermissionsOptions } from '#main/policy/permissions.ts';
import { PermissionMatrix } from '#shared/ipc/access-views.ts';
import { PERMISSIONS, type Permission, Role } from '#shared/model/access.ts';
import { openTestStore, removeFolder, type TestStore } from '../../support/audit-store.ts';

/** Written by hand, so that the policies are compared with what was meant: owner, admin, operator, viewer. */
const MEANT: Readonly<Record<Permission, readonly [number, number, number, number]>> = {
  'incidents.read': [1, 1, 1, 1],
  'incidents.import': [1, 1, 1, 0],
  'investigations.run': [1, 1, 1, 0],
  'approvals.decide': [1, 1, 1, 0],
  'approvals.break-glass': [1, 0, 1, 0],
  'approvals.review': [1, 1, 1, 0],
  'trail.read': [1, 1, 1, 1],
  'trail.export': [1, 1, 1, 0],
  'trail.verify': [1, 1, 1, 1],
  'history.acknowledge': [1, 1, 0, 0],
  'witness.manage': [1, 1, 0, 0],
  'keys.rotate': [1, 1, 0, 0],
  'protections.decide': [1, 1, 0, 0],
  'policies.read': [1, 1, 1, 1],
  'policies.change': [1, 1, 0, 0],
  'people.read': [1, 1, 1, 1],
  'people.manage': [1, 1, 0, 0],
  'api-keys.manage': [1, 1, 0, 0],
  'leases.revoke': [1, 1, 1, 0],
  'secrets.read': [1, 1, 1, 1],
  'secrets.manage': [1, 1, 0, 0],
  'compliance.read': [1, 1, 1, 1],
  'compliance.manage': [1, 1, 0, 0],
  'access-reviews.decide': [1, 1, 0, 0],
  'reports.make': [1, 1, 1, 0],
};
const NOT_FOR_KEYS: readonly Permission[] = [
  'approvals.decide',
  'approvals.break-glass',
  'approvals.review',
  'history.acknowledge',
  'keys.rotate',
  'protections.decide',
  'policies.change',
  'people.manage',
  'api-keys.manage',
  'compliance.manage',
  'access-reviews.decide',
];

let scene: TestStore;
let permissions: Permissions;
beforeEach(async () => {
  scene = await openTestStore();
  permissions = await load();
});
afterEach(() => removeFolder(scene.folder));

function load(changes: Partial<PermissionsOptions> = {}): Promise<Permissions> {
  return loadPermissions({ tenant: 'acme', audit: scene.store, clock: scene.clock, ...changes });
}

function person(role: Role, changes: Partial<Principal> = {}): Principal {
  return {
    type: 'user',
    id: 'u-0000000000aa',
    human: 'u-0000000000aa',
    name: 'somebody',
    role,
    tenant: 'acme',
    session: 's-1',
    device: { id: 'd-1', name: 'laptop' },
    ...changes,
  };
}
const key = (role: Role, scopes?: readonly Permission[]) =>
  person(role, { type: 'api_key', id: 'key-1', ...(scopes === undefined ? {} : { scopes }) });

/** What became of asking: allowed, or the reason of the refusal. */
async function ask(principal: Principal, permission: Permission, about?: Role): Promise<string> {
  return permissions.demand(principal, permission, about).then(
    () => 'allowed',
    (error: { code: string; reason: string }) => `${error.code} ${error.reason}`,
  );
}

function records(action: string) {
  const all = Array.from({ length: scene.store.head().seq }, (_, index) => scene.store.get(index + 1)?.record);
  return all.filter((record) => record?.action === action);
}

describe('the matrix', () => {
  /** @securityTest Every role gets exactly the permissions meant for it, in its own workspace only */
  test('is what was meant, for every role and permission, and is what is enforced', async () => {
    const matrix = PermissionMatrix.parse(permissions.matrix());
    expect(matrix.rows.map(({ permission }) => permission)).toEqual([...PERMISSIONS]);
    for (const [index, role] of Role.options.entries()) {
      const meant = PERMISSIONS.filter((permission) => MEANT[permission][index] === 1);
      expect([role, permissions.allowed(role)]).toEqual([role, meant]);
      for (const permission of PERMISSIONS) {
        const allowed = MEANT[permission][index] === 1;
        const row = matrix.rows.find((candidate) => candidate.permission === permission);
        expect([role, permission, row?.allowed[role]]).toEqual([role, permission, allowed]);
        expect([role, permission, await ask(person(role), permission)]).toEqual([
          role,
          permission,
          allowed ? 'allowed' : 'denied permission',
        ]);
        const stranger = person(role, { tenant: 'other' });
        expect([role, permission, await ask(stranger, permission)]).toEqual([role, permission, 'denied tenant']);
      }
    }
  });

  test('names the policies that permit, and their version', () => {
    const { rows, policyVersion } = permissions.matrix();
    expect(rows.find(({ permission }) => permission === 'trail.export')?.policies.toSorted()).toEqual([
      'admins-administer',
      'operators-respond',
      'owners-do-everything',
    ]);
    expect(policyVersion).toBe(permissions.version);
    expect(permissions.version).toMatch(/^[0-9a-f]{64}$/);
  });

  test('follows the policies, not a table', async () => {
    const policies = `${PERMISSION_POLICIES}\n@id("freeze") @reason("Frozen.") forbid (principal, action == Action::"trail.export", resource);`;
    const frozen = await load({ source: { policies, schema: PERMISSION_SCHEMA } });
    const row = frozen.matrix().rows.find(({ permission }) => permission === 'trail.export');
    expect(Object.values(row?.allowed ?? {})).toEqual([false, false, false, false]);
    expect(frozen.version).not.toBe(permissions.version);
  });
});

describe('owners', () => {
  test('are managed by owners only', async () => {
    for (const [role, about, result] of [
      ['owner', 'owner', 'allowed'],
      ['admin', 'owner', 'denied permission'],
      ['admin', 'admin', 'allowed'],
      ['operator', 'viewer', 'denied permission'],
    ] as const) {
      expect([role, about, await ask(person(role), 'people.manage', about)]).toEqual([role, about, result]);
    }
  });
});

describe('an API key', () => {
  /** @securityTest An API key does what its scopes and its owner's role permit, and never what a person answers for */
  test('does what both its scopes and its role permit, and nothing a person has to answer for', async () => {
    for (const [index, role] of Role.options.entries()) {
      for (const permission of PERMISSIONS) {
        const allowed = MEANT[permission][index] === 1 && !NOT_FOR_KEYS.includes(permission);
        expect([role, permission, await ask(key(role, PERMISSIONS), permission)]).toEqual([
          role,
          permission,
          allowed ? 'allowed' : 'denied permission',
        ]);
        const others = PERMISSIONS.filter((other) => other !== permission);
        expect(await ask(key(role, others), permission)).toBe('denied permission');
      }
    }
  });

  test('without scopes does nothing', async () => {
    expect(await ask(key('owner'), 'incidents.read')).toBe('denied permission');
    expect(await ask(key('owner', []), 'incidents.read')).toBe('denied permission');
  });

  test('of another workspace is told so', async () => {
    expect(await ask({ ...key('owner', PERMISSIONS), tenant: 'other' }, 'trail.read')).toBe('denied tenant');
  });
});

describe('what cannot be decided is refused', () => {
  test.each([
    ['a role that does not exist', { role: 'root' as Role }],
    ['a tenant that is no text', { tenant: 7 as unknown as string }],
  ])('%s', async (_title, changes) => {
    expect(await ask(person('owner', changes), 'incidents.read')).toMatch(/^denied/);
    expect(records('auth.access_denied').length).toBe(1);
  });

  test('a permission that does not exist', async () => {
    expect(await ask(person('owner'), 'everything' as Permission)).toBe('denied permission');
  });

  /** @securityTest A permission policy that errs denies, whether it permits or forbids */
  test.each(['permit', 'forbid'])('a %s that errs', async (effect) => {
    const policies = `${PERMISSION_POLICIES}\n@id("erring") @reason("Errs.") ${effect} (principal, action, resource) when { 9223372036854775807 + 1 > 0 };`;
    permissions = await load({ source: { policies, schema: PERMISSION_SCHEMA } });
    expect(await ask(person('owner'), 'incidents.read')).toBe('denied permission');
    expect(permissions.allowed('owner')).toEqual([]);
    expect(records('auth.access_denied')[0]?.data).toMatchObject({ reason: 'unknown' });
  });

  test('policies that do not parse', async () => {
    const source = { policies: 'permit (principal', schema: PERMISSION_SCHEMA };
    await expect(load({ source })).rejects.toMatchObject({ code: 'internal', reason: 'policy-broken' });
  });
});

describe('refusals', () => {
  test('are on record, with who, what and why', async () => {
    await ask(person('viewer'), 'trail.export');
    expect(records('auth.access_denied')).toMatchObject([
      {
        outcome: 'denied',
        actor: { type: 'user', id: 'u-0000000000aa' },
        target: { type: 'permission', id: 'trail.export' },
        device: { id: 'd-1' },
        data: { permission: 'trail.export', role: 'viewer', reason: 'role' },
      },
    ]);
  });

  test('in a flood are counted instead of recorded one by one', async () => {
    const before = scene.store.head().seq;
    for (let index = 0; index < 500; index++) await ask(person('viewer'), 'trail.export');
    await ask(person('viewer'), 'keys.rotate');
    expect(scene.store.head().seq).toBe(before + 2);
    scene.clock.time += 60_000;
    await ask(person('viewer'), 'trail.export');
    expect(records('auth.rate_limited')).toMatchObject([
      { target: { id: 'trail.export' }, data: { limit: 'access-denied', scope: '499 more refused' } },
    ]);
    expect(records('auth.access_denied').length).toBe(3);
    await ask(person('viewer'), 'trail.export');
    await permissions.close();
    expect(records('auth.rate_limited').length).toBe(2);
    await permissions.close();
    expect(records('auth.rate_limited').length).toBe(2);
  });

  test('that were counted but cannot be recorded keep nothing from closing', async () => {
    const warnings: string[] = [];
    permissions = await load({ onWarning: (_error, what) => warnings.push(what) });
    await ask(person('viewer'), 'keys.rotate');
    await ask(person('viewer'), 'keys.rotate');
    await scene.store.close();
    await expect(permissions.close()).resolves.toBeUndefined();
    expect(warnings).toEqual(['Refusals could not be counted on record']);
  });

  test('stand when the trail cannot be written, and say so', async () => {
    const warnings: unknown[] = [];
    permissions = await load({ onWarning: (error) => warnings.push(error) });
    await scene.store.close();
    await expect(permissions.demand(person('viewer'), 'keys.rotate')).rejects.toMatchObject({
      code: 'denied',
      reason: 'permission',
      message: expect.stringContaining('not on record'),
    });
    expect(warnings.length).toBe(1);
    await expect(permissions.close()).resolves.toBeUndefined();
    await expect(permissions.demand(person('owner'), 'keys.rotate')).resolves.toBeUndefined();
  });
});
