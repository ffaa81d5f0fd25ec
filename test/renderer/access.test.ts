import { describe, expect, test } from 'vitest';
import { markSections, readableSections } from '#renderer/features/access/access-sections.ts';
import { groupByPrefix, KEY_SCOPES, wordKey } from '#renderer/features/access/access-words.ts';
import { aliasChoices, isLastOwner, nameOf, sameHuman } from '#renderer/features/access/people-names.ts';
import type { PersonView } from '#shared/ipc/access-views.ts';
import { PERMISSIONS, type Role } from '#shared/model/access.ts';

const NOW = Date.parse('2026-11-21T12:00:00.000Z');
const person = (n: number, role: Role, aliasOf: PersonView['aliasOf'] = null): PersonView => ({
  id: `u-${String(n).padStart(12, '0')}`,
  name: `Person ${n}`,
  email: `p${n}@example.com`,
  role,
  secondFactor: false,
  aliasOf,
  addedAt: '2026-11-01T00:00:00.000Z',
  lastSignInAt: null,
  sessions: 0,
  lockedUntil: null,
});

describe('the parts of the screen', () => {
  test('are those the permissions let one read, and none without any', () => {
    expect(readableSections([])).toEqual([]);
    expect(readableSections(['policies.read'])).toEqual(['policies']);
    expect(readableSections(['incidents.read', 'trail.read'])).toEqual(['leases', 'changes']);
    expect(readableSections(PERMISSIONS)).toHaveLength(7);
  });

  test('say nothing of what is not known, and nothing of nothing', () => {
    expect(markSections({ people: null, leases: null, requests: null })).toEqual({});
    expect(markSections({ people: [], leases: [], requests: [] })).toMatchObject({ people: { word: '0' } });
    expect(markSections({ people: null, leases: [], requests: [] })).toEqual({});
  });
});

describe('the matrix', () => {
  test('keeps every row, once, with those of its prefix', () => {
    const rows = [...PERMISSIONS].reverse().map((permission) => ({ permission }));
    const groups = groupByPrefix(rows);
    expect(groups.flatMap((group) => group.rows)).toHaveLength(PERMISSIONS.length);
    expect(new Set(groups.map(({ name }) => name)).size).toBe(groups.length);
    for (const group of groups) {
      expect(new Set(group.rows.map(({ permission }) => permission.split('.')[0])).size).toBe(1);
    }
  });
});

describe('an API key', () => {
  test('is offered no decision, and nothing that makes others able to act', () => {
    const ofPeople = /^(approvals|protections|access-reviews)\.|\.manage$|^keys\.|^history\.|^policies\.change$/;
    expect(KEY_SCOPES.filter((scope) => ofPeople.test(scope))).toEqual(['witness.manage']);
    expect(KEY_SCOPES).toContain('trail.export');
  });

  test('is active until the millisecond it expires, and revoked whatever the time', () => {
    const expiresAt = new Date(NOW).toISOString();
    expect(wordKey({ revokedAt: null, expiresAt }, NOW - 1).word).toBe('Active');
    expect(wordKey({ revokedAt: null, expiresAt }, NOW).word).toBe('Expired');
    expect(wordKey({ revokedAt: null, expiresAt: null }, NOW).word).toBe('Active');
    expect(wordKey({ revokedAt: expiresAt, expiresAt: null }, NOW).word).toBe('Revoked');
  });
});

describe('one human with two accounts', () => {
  const owner = person(1, 'owner');
  const human = person(2, 'operator');
  const alias = person(3, 'viewer', human.id);
  const other = person(4, 'operator', human.id);
  const all = [owner, human, alias, other];

  test('is found from each of them', () => {
    expect(sameHuman(all, human).map(({ id }) => id)).toEqual([alias.id, other.id]);
    expect(sameHuman(all, alias).map(({ id }) => id)).toEqual([human.id, other.id]);
    expect(sameHuman(all, owner)).toEqual([]);
  });

  test('no account becomes an alias of an alias, of itself, or while others are aliases of it', () => {
    expect(aliasChoices(all, owner).map(({ id }) => id)).toEqual([human.id]);
    expect(aliasChoices(all, alias).map(({ id }) => id)).toEqual([owner.id, human.id]);
    expect(aliasChoices(all, human)).toEqual([]);
  });

  test('the only owner is known as that, with a second one no more', () => {
    expect(isLastOwner(all, owner)).toBe(true);
    expect(isLastOwner(all, human)).toBe(false);
    expect(isLastOwner([...all, person(5, 'owner')], owner)).toBe(false);
  });

  test('somebody who is gone is named by id', () => {
    expect(nameOf(all, human.id)).toBe('Person 2');
    expect(nameOf(all, 'u-ffffffffffff')).toBe('u-ffffffffffff');
  });
});
