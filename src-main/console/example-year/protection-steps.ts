import { hash } from 'node:crypto';
import { seal } from '#main/audit/seal.ts';
import type { AuditStore } from '#main/audit/store.ts';
import { actorOf, deviceOf } from './cast.ts';
import { DAY, HOUR, MINUTE, of, type Step } from './happening.ts';
import type { Stage } from './stage.ts';

/** The signing key is renewed once: one person asks, another agrees, and the store hands the trail over. */
export function protectionSteps(stage: Stage, store: Pick<AuditStore, 'rotateKey'>): readonly Step[] {
  const { cast, from } = stage;
  const { owner, admin } = cast;
  const asked = from + 150 * DAY + 6 * HOUR;
  const digest = hash('sha256', 'example key rotation', 'hex');
  const target = { type: 'protection-request', id: 'pr-0001' };
  const person = (player: typeof owner) => ({
    actor: { ...actorOf(player), name: seal(player.id, player.name) },
    device: deviceOf(cast),
  });
  const justification = () => seal(admin.id, 'Synthetic: a key is renewed after half a year.');
  return [
    {
      at: asked,
      name: 'rotation-asked',
      input: of<'tenant.configuration_changed'>({
        ...person(owner),
        action: 'tenant.configuration_changed',
        outcome: 'success',
        target,
        data: { setting: 'protection-request.key-rotation', old: null, new: digest },
      }),
    },
    {
      at: asked + 25 * MINUTE,
      needs: ['rotation-asked'],
      input: (past) =>
        of<'tenant.protection_change_approved'>({
          ...person(admin),
          action: 'tenant.protection_change_approved',
          outcome: 'success',
          target,
          data: {
            change: 'key-rotation',
            changeDigest: digest,
            justification: justification(),
            requestedBy: owner.id,
            request: past.hash('rotation-asked'),
            reauthentication: 'password',
          },
        }),
    },
    {
      at: asked + 26 * MINUTE,
      act: async () => {
        const rotation = await store.rotateKey({
          to: { kind: 'keychain' },
          by: person(admin),
          justification: justification(),
          reason: 'scheduled',
        });
        if (rotation.unfinished !== null) throw rotation.unfinished;
      },
    },
  ];
}
