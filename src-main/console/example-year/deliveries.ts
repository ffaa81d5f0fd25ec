import { hash } from 'node:crypto';
import type { Links, Target } from '#shared/model/audit-record.ts';
import { type Player, system } from './cast.ts';
import { type Happening, of } from './happening.ts';

/** Something that is told to somebody. */
export interface Told {
  readonly to: Player;
  readonly subject: string;
  readonly target: Target;
  readonly links: Links;
}

export function sending({ target, links }: Told) {
  return { actor: system('notifications'), target, links };
}

/** The person stands in it as a digest of their id. */
export function deliveryOf({ to, subject }: Told) {
  return { channel: 'email', recipientDigest: hash('sha256', to.id, 'hex'), subject };
}

export function deliveryFailed(at: number, told: Told): Happening {
  return {
    at,
    input: of<'notification.delivery_failed'>({
      ...sending(told),
      action: 'notification.delivery_failed',
      outcome: 'failure',
      data: { ...deliveryOf(told), reason: 'Synthetic: the mail server did not answer.', attempts: 3 },
    }),
  };
}
