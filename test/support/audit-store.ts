import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AppendInput } from '#main/audit/append-input.ts';
import { seal } from '#main/audit/seal.ts';
import { type AuditStore, openAuditStore } from '#main/audit/store.ts';
import { systemRandom } from '#main/platform/random.ts';
import { MemorySecrets } from './memory-secrets.ts';

export const TEST_GENERATOR = { name: 'causeway-test', version: '1' };

/** A clock that stands still until it is moved. */
export class HandClock {
  time = Date.parse('2026-03-01T12:00:00.000Z');
  now(): number {
    return this.time;
  }
}

export interface TestStore {
  readonly folder: string;
  readonly path: string;
  readonly secrets: MemorySecrets;
  readonly clock: HandClock;
  readonly store: AuditStore;
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'causeway-audit-'));
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

export async function openTestStore(
  folder = temporaryFolder(),
  secrets = new MemorySecrets(),
  clock = new HandClock(),
): Promise<TestStore> {
  const options = { folder, tenant: 'acme', secrets, clock, random: systemRandom, generator: TEST_GENERATOR };
  const store = await openAuditStore(options);
  return { folder, path: join(folder, 'audit.db'), secrets, clock, store };
}

/** A record with a sealed value, about one person and one incident. */
export function noteInput(incident: string, text: string, person = 'user-1'): AppendInput<'incident.note_added'> {
  return {
    action: 'incident.note_added',
    outcome: 'success',
    actor: { type: 'user', id: person, name: seal(person, `Name of ${person}`) },
    target: { type: 'incident', id: incident },
    links: { incident },
    data: { note: seal(person, text) },
  };
}

/** A record without sealed values. */
export function roleInput(user: string): AppendInput<'tenant.user_role_changed'> {
  return {
    action: 'tenant.user_role_changed',
    outcome: 'success',
    actor: { type: 'system', id: 'causeway' },
    target: { type: 'user', id: user },
    data: { user, old: 'viewer', new: 'operator' },
  };
}
