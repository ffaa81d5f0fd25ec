import { reviewsOf } from '#main/compliance/register/views.ts';
import type { Principal } from '#main/identity/principal.ts';
import { CausewayError } from '#shared/errors.ts';
import type { ReviewView } from '#shared/ipc/compliance-views.ts';
import type { ClosingGate } from '../closing-gate.ts';
import type { Parts } from '../parts.ts';
import type { ReviewDesk } from './compliance-desk.ts';
import type { ComplianceRoom } from './compliance-room.ts';
import { namedBy } from './named-by.ts';
import { viewContext } from './view-context.ts';

/** Access reviews, as one person takes part in them. */
export function createReviewDesk(parts: Parts, gate: ClosingGate, room: ComplianceRoom): (by: Principal) => ReviewDesk {
  const { identity } = parts;
  const context = viewContext(parts, room);
  const list = (by: Principal) => reviewsOf(room.register.state(), context(by));
  const find = (by: Principal, id: string): ReviewView => {
    const found = list(by).find((review) => review.id === id);
    if (found === undefined) throw new CausewayError('not-found', `There is no access review ${id}.`);
    return found;
  };
  /** People as they are, and the keys that act for them. */
  const subjects = () => [
    ...identity.people().map(({ id, role }) => ({ id, role })),
    ...identity
      .apiKeys()
      .filter(({ revokedAt }) => revokedAt === null)
      .map(({ id }) => ({ id, role: 'api-key' })),
  ];
  const written = async (by: Principal, campaign: string) => {
    await room.counted();
    room.changed();
    return find(by, campaign);
  };
  return (by) => ({
    list: () => list(by),
    open: (due) =>
      gate.run(async () => {
        await room.counted();
        const { campaign } = await room.register.openReview(namedBy(by), { due, subjects: subjects() });
        return written(by, campaign);
      }),
    decide: ({ reauthentication, ...asked }) =>
      gate.run(async () => {
        await room.counted();
        await identity.reauthenticate(by, reauthentication);
        await room.register.decideReview(namedBy(by), { ...asked, humanOf: (id) => identity.humanBehind(id) });
        return written(by, asked.campaign);
      }),
    close: (campaign) =>
      gate.run(async () => {
        await room.counted();
        await room.register.closeReview(namedBy(by), campaign);
        return written(by, campaign);
      }),
  });
}
