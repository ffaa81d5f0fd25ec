import type { RegisterActor } from '#main/compliance/register/register-writer.ts';
import { actorOf, deviceOf, type Principal } from '#main/identity/principal.ts';

/** A person as the register puts them on record. */
export function namedBy(by: Principal): RegisterActor {
  return { actor: actorOf(by), device: deviceOf(by), id: by.id, human: by.human };
}
