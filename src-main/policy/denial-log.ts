import type { Permission, Role } from '#shared/model/access.ts';
import type { Clock } from '../platform/clock.ts';
import type { AuditWriter } from './audit-port.ts';

/** Who asks for a permission, as the identity room's principals are. */
export interface PermissionAsker {
  readonly type: 'user' | 'api_key';
  readonly id: string;
  readonly role: Role;
  readonly tenant: string;
  readonly device: { readonly id: string };
  readonly scopes?: readonly Permission[];
}

/** Why a call was refused, as records name it. */
export type DenialReason = 'tenant' | 'scope' | 'role' | 'person' | 'unknown';

const actorOf = ({ type, id }: PermissionAsker) => ({ type, id });

/** Writes refusals. A flood of the same one grows the trail by two records a minute, whatever its size. */
export interface DenialLog {
  /** @throws what the audit trail throws: the refusal is not on record, and the next one is tried at once */
  note(principal: PermissionAsker, permission: Permission, reason: DenialReason): Promise<void>;
  /** Writes how many were left out that no later refusal led to be counted. */
  close(): Promise<void>;
}

interface Repeat {
  readonly principal: PermissionAsker;
  readonly permission: Permission;
  readonly until: number;
  leftOut: number;
}

const WINDOW_MS = 60_000;
/** Of different refusals under way at once; the oldest is settled to make room. */
const MOST_REPEATS = 1000;

export function createDenialLog(audit: AuditWriter, clock: Clock): DenialLog {
  const repeats = new Map<string, Repeat>();

  async function settle(key: string, repeat: Repeat): Promise<void> {
    repeats.delete(key);
    if (repeat.leftOut === 0) return;
    try {
      await audit.append({
        action: 'auth.rate_limited',
        outcome: 'denied',
        actor: actorOf(repeat.principal),
        target: { type: 'permission', id: repeat.permission },
        device: { id: repeat.principal.device.id },
        // How many there were: each of them was refused, but only the first is a record of its own.
        data: { limit: 'access-denied', scope: `${repeat.leftOut} more refused`, retryAfterMs: WINDOW_MS },
      });
    } catch (error) {
      repeats.set(key, repeat); // counted again when the trail can be written
      throw error;
    }
  }

  async function settleDue(): Promise<void> {
    const now = clock.now();
    for (const [key, repeat] of [...repeats]) {
      // A clock put back does not keep a window open for longer than one.
      if (now >= repeat.until || now < repeat.until - WINDOW_MS) await settle(key, repeat);
    }
    const [oldest] = repeats;
    if (repeats.size > MOST_REPEATS && oldest !== undefined) await settle(...oldest);
  }

  return {
    note: async (principal, permission, reason) => {
      await settleDue();
      const key = JSON.stringify([principal.tenant, principal.type, principal.id, permission, reason]);
      const repeat = repeats.get(key);
      if (repeat !== undefined) {
        repeat.leftOut += 1;
        return;
      }
      repeats.set(key, { principal, permission, until: clock.now() + WINDOW_MS, leftOut: 0 });
      try {
        await audit.append({
          action: 'auth.access_denied',
          outcome: 'denied',
          actor: { type: principal.type, id: principal.id },
          target: { type: 'permission', id: permission },
          device: { id: principal.device.id },
          data: { permission, role: principal.role, reason },
        });
      } catch (error) {
        repeats.delete(key);
        throw error;
      }
    },
    close: async () => {
      for (const [key, repeat] of [...repeats]) await settle(key, repeat);
    },
  };
}
