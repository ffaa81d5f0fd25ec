import type { ReviewContext, ViewContext } from '#main/compliance/register/views.ts';
import type { Principal } from '#main/identity/principal.ts';
import { wallClock } from '#main/platform/clock.ts';
import type { Parts } from '../parts.ts';
import type { ComplianceRoom } from './compliance-room.ts';

/** What views are made with besides what was counted: names, clear texts, the time. */
export function viewContext(parts: Parts, room: ComplianceRoom): (by: Principal) => ViewContext & ReviewContext {
  const { config, rooms, identity } = parts;
  const clock = config.clock ?? wallClock;
  return (by) => ({
    counting: room.counting(),
    now: clock.now(),
    nameOf: (id) => identity.nameOf(id),
    disclosed: (seq, path) => {
      const value = rooms.store.disclosures(seq).find((one) => one.path === path)?.value;
      return typeof value === 'string' ? value : null;
    },
    kept: (digest) => room.attachments.has(digest),
    roleOf: (id) =>
      identity.people().find((one) => one.id === id)?.role ??
      (identity.apiKeys().some((key) => key.id === id && key.revokedAt === null) ? 'api-key' : null),
    isOwn: (id) => identity.humanBehind(id) === by.human,
  });
}
