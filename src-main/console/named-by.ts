import type { Actor, Device } from '#shared/model/audit-record.ts';
import { type Sealable, seal } from '../audit/seal.ts';
import { actorOf, deviceOf, type Principal } from '../identity/principal.ts';

/** Somebody as a record names them: the id in clear, the name sealed under it. */
export function namedBy(by: Principal): { readonly actor: Sealable<Actor>; readonly device: Device } {
  return { actor: { ...actorOf(by), name: seal(by.id, by.name) }, device: deviceOf(by) };
}
