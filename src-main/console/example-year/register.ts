import type { AuditStore } from '#main/audit/store.ts';
import { type Attachments, createAttachments } from '#main/compliance/register/attachments.ts';
import { createRegister, type Register } from '#main/compliance/register/changes.ts';
import { beginRegister, takeRegister } from '#main/compliance/register/fold.ts';
import type { RegisterActor } from '#main/compliance/register/register-writer.ts';
import { createCipher } from '#main/platform/cipher.ts';
import { systemRandom } from '#main/platform/random.ts';
import type { SecretStore } from '#main/platform/secret-store.ts';
import { tenantKey } from '#main/platform/tenant-keys.ts';
import { actorOf, type Cast, deviceOf, type Player } from './cast.ts';
import { EXAMPLE } from './example.ts';
import type { ExampleClock } from './example-clock.ts';

export interface ExampleRegister {
  readonly register: Register;
  readonly attachments: Attachments;
}

/** The control register of the example: the product's own, over its trail, so that it refuses what it always refuses. */
export async function openExampleRegister(
  store: AuditStore,
  { folder, secrets, clock }: { readonly folder: string; readonly secrets: SecretStore; readonly clock: ExampleClock },
): Promise<ExampleRegister> {
  const cipher = createCipher(await tenantKey(secrets, EXAMPLE.tenant, 'evidence', true), EXAMPLE.tenant);
  const attachments = createAttachments({ folder, cipher, random: systemRandom });
  let state = beginRegister();
  const append: AuditStore['append'] = async (input) => {
    const stored = await store.append(input);
    state = takeRegister(state, { ...stored, time: Date.parse(stored.record.time) });
    return stored;
  };
  const register = createRegister({ audit: { append }, state: () => state, clock, attachments });
  return { register, attachments };
}

export function by(cast: Cast, player: Player): RegisterActor {
  return { actor: actorOf(player), device: deviceOf(cast), id: player.id, human: player.id };
}
