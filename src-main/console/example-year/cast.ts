import type { Role } from '#shared/model/access.ts';
import type { Actor, Device } from '#shared/model/audit-record.ts';

/** Somebody made up. `id` is known when the account is made. */
export interface Player {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
}

/** The people of the example, who has what job, and what they use. */
export interface Cast {
  readonly owner: Player;
  readonly admin: Player;
  readonly operator: Player;
  readonly viewer: Player;
  /** Of the API key that brings alarms in. */
  readonly pipeline: string;
  readonly device: { readonly id: string; readonly name: string };
}

export function actorOf({ id }: Pick<Player, 'id'>): Actor {
  return { type: 'user', id };
}

export function deviceOf({ device }: Pick<Cast, 'device'>): Device {
  return { id: device.id };
}

export const system = (id: string): Actor => ({ type: 'system', id });
export const agent = (id: string): Actor => ({ type: 'agent', id });

/** Plainly nobody's account. */
export const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';
export const ENVIRONMENT = 'example-production';
export const CLUSTER = 'example';
export const SERVICES = [
  'example-checkout',
  'example-search',
  'example-payments',
  'example-catalogue',
  'example-orders',
  'example-notifications',
] as const;
