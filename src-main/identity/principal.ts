import type { Permission, Role } from '#shared/model/access.ts';
import type { Actor, Device } from '#shared/model/audit-record.ts';

/** Who asks, after the session's token was checked. Made by the identity room, and for a terminal's API key. */
export interface Principal {
  readonly type: 'user' | 'api_key';
  /** Pseudonymous: `u-…` or `key-…`. */
  readonly id: string;
  /** The human behind it: an API key's owner, an alias's first account, or the same as `id`. Four eyes compare this. */
  readonly human: string;
  /** For screens; in records it is sealed. */
  readonly name: string;
  readonly role: Role;
  readonly tenant: string;
  /** `s-…`; of an API key its id. */
  readonly session: string;
  readonly device: { readonly id: string; readonly name: string };
  /** Of an API key: only these of what its owner's role permits. */
  readonly scopes?: readonly Permission[];
}

export function actorOf({ type, id }: Pick<Principal, 'type' | 'id'>): Actor {
  return { type, id };
}

export function deviceOf({ device }: Pick<Principal, 'device'>): Device {
  return { id: device.id };
}
