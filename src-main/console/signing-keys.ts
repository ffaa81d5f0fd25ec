import type { SigningKey } from '#shared/ipc/verification-views.ts';
import type { Actor } from '#shared/model/audit-record.ts';
import { seal } from '../audit/seal.ts';
import type { KeyChoice } from '../audit/signers/key-reference.ts';
import type { Rotation } from '../audit/signers/rotate-key.ts';
import type { AuditStore } from '../audit/store.ts';

/** The keys that sign the trail, as the window and the terminal ask for them. */
export interface SigningKeys {
  list(): readonly SigningKey[];
  /**
   * Hands the trail to another key, for a reason a person gives.
   * @throws CausewayError `audit-unavailable`, `conflict`, `bad-input`; the old key then goes on
   */
  rotate(to: KeyChoice, justification: string): Promise<Rotation>;
}

export interface SigningKeysParts {
  readonly store: Pick<AuditStore, 'keys' | 'rotateKey'>;
  readonly actor: Actor;
  readonly user: { readonly id: string; readonly name: string };
  readonly device: { readonly id: string };
  readonly onChange: () => void;
}

export function createSigningKeys({ store, actor, user, device, onChange }: SigningKeysParts): SigningKeys {
  return {
    list: () => store.keys(),
    rotate: async (to, justification) => {
      const rotation = await store.rotateKey({
        to,
        by: { actor: { ...actor, name: seal(user.id, user.name) }, device: { id: device.id } },
        justification: seal(user.id, justification),
        reason: to.kind === 'keychain' ? 'new-keychain-key' : 'new-kms-key',
      });
      onChange();
      return rotation;
    },
  };
}
