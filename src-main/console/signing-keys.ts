import type { ProtectionOutcome } from '#shared/ipc/protection-views.ts';
import type { SigningKey } from '#shared/ipc/verification-views.ts';
import type { Reauthentication } from '#shared/model/access.ts';
import type { KeyChoice } from '../audit/signers/key-reference.ts';
import type { Rotation, RotationRequest } from '../audit/signers/rotate-key.ts';
import type { AuditStore } from '../audit/store.ts';

/** The keys that sign the trail, as the window and the terminal ask for them. */
export interface SigningKeys {
  list(): readonly SigningKey[];
  /** Asks for the trail to be handed to another key; another person has to agree (`protections`). */
  rotate(to: KeyChoice, justification: string, proof: Reauthentication): Promise<ProtectionOutcome>;
}

/** What the workspace itself does with the keys. */
export interface KeyKeeper extends Pick<SigningKeys, 'list'> {
  /**
   * Hands the trail to another key, for a reason a person gave.
   * @throws CausewayError `audit-unavailable`, `conflict`, `bad-input`; the old key then goes on
   */
  rotate(request: RotationRequest): Promise<Rotation>;
}

export interface SigningKeysParts {
  readonly store: Pick<AuditStore, 'keys' | 'rotateKey'>;
  readonly onChange: () => void;
}

export function createKeyKeeper({ store, onChange }: SigningKeysParts): KeyKeeper {
  return {
    list: () => store.keys(),
    rotate: async (request) => {
      const rotation = await store.rotateKey(request);
      onChange();
      return rotation;
    },
  };
}
