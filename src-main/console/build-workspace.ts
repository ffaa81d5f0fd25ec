import type { Workspace } from '../console.ts';
import { IDLE_LOCK_MS } from '../identity/assemble.ts';
import { wallClock } from '../platform/clock.ts';
import { type ClosingGate, createClosingGate, within } from './closing-gate.ts';
import { openComplianceRoom } from './compliance/compliance-room.ts';
import { createComplianceDesks } from './compliance/create-desks.ts';
import type { ConsoleConfig } from './config.ts';
import { recordAlertShown } from './continuous.ts';
import { denyPending } from './decide.ts';
import { createHistoryKeeper } from './history-desk.ts';
import { assemble, denyDue, type Parts } from './parts.ts';
import { PRODUCT } from './product.ts';
import { openProtectionRoom } from './protection-room.ts';
import { recoverInterrupted } from './recover.ts';
import { openRooms } from './rooms.ts';
import { createSeats } from './seat.ts';
import { createKeyKeeper } from './signing-keys.ts';

/** Longest that closing waits for what runs, and then for leases: a cloud that hangs must not keep the program. */
const STOP_WITHIN = 5_000;
const REVOKE_WITHIN = 11_000;

/** Opens a workspace from its config. On failure nothing stays open, and the error is that of the room that failed. */
export async function buildWorkspace(config: ConsoleConfig): Promise<Workspace> {
  const rooms = await openRooms(config, { name: PRODUCT, version: config.version });
  let parts: Parts | undefined;
  try {
    const opened = await assemble(config, rooms);
    parts = opened;
    const tellChain = () => opened.events.emit({ type: 'chain', status: opened.chainStatus() });
    const history = createHistoryKeeper({
      store: rooms.store,
      recover: () => bringToEnd(opened),
      changed: () => {
        tellChain();
        opened.continuous.recheck();
      },
    });
    const keys = createKeyKeeper({ store: rooms.store, onChange: tellChain });
    const { protections, kept } = await openProtectionRoom(opened, { history, keys });
    await history.runSelfTest();
    // a history that is broken is shown, and what would have to be written waits until that was acknowledged
    if (rooms.store.refusal() === null) {
      await bringToEnd(opened);
      await protections.recover();
    }
    const gate = createClosingGate();
    const room = await openComplianceRoom(opened, history);
    const compliance = createComplianceDesks(opened, gate, room);
    return toWorkspace(
      opened,
      gate,
      createSeats({ parts: opened, gate, history, keys, protections, kept, compliance }),
    );
  } catch (error) {
    parts?.stopTimers();
    await rooms.close().catch((cause: unknown) => rooms.log.error({ err: cause }, 'closing after a failed start'));
    throw error;
  }
}

/** What was under way when the program last ended, and what nobody decided in time. */
async function bringToEnd(parts: Parts): Promise<void> {
  const { config, rooms } = parts;
  await recoverInterrupted({
    audit: rooms.store,
    db: rooms.db,
    statusBook: parts.investigations.statusBook,
    revokeLost: (lost) => parts.broker.revokeLost(lost, parts.environments.values()),
    now: () => (config.clock ?? wallClock).now(),
  });
  await denyDue(parts, 'The time to decide had passed.');
  await parts.denials.settleLeftOver();
}

function toWorkspace(parts: Parts, gate: ClosingGate, as: Workspace['as']): Workspace {
  const { config, rooms, events, identity, permissions } = parts;
  const { store } = rooms;
  let closing: Promise<void> | undefined;
  return {
    tenant: config.tenant,
    identity,
    permissions,
    idleLockMs: config.idleLockMs ?? IDLE_LOCK_MS,
    as,
    refusal: () => store.refusal(),
    cancelVerify: () => parts.verification.cancel(),
    denyPending: (reason) =>
      gate.run(async () => {
        // while nothing can be recorded nothing can be approved either
        if (store.refusal() === null) await denyPending(parts, reason);
      }),
    alertShown: () => gate.run(() => recordAlertShown(parts.audit, store.chain, config.device.id)),
    subscribe: (listener) => events.subscribe(listener),
    close: () => {
      gate.close();
      closing ??= closeWorkspace(parts, gate);
      return closing;
    },
  };
}

/**
 * Nothing new begins any more. What runs is stopped first, then the leases, and the trail is closed after everything
 * that writes to it, or when that did not end in time.
 */
async function closeWorkspace(parts: Parts, gate: ClosingGate): Promise<void> {
  const { verification, investigations, broker, rooms, denials, stopTimers } = parts;
  stopTimers();
  verification.cancel();
  const stop = async () => {
    await Promise.all([investigations.stopAll(), gate.idle()]);
    await investigations.stopAll(); // what had begun to begin
    await denials.retry();
  };
  const stopped = await Promise.allSettled([within(STOP_WITHIN, stop(), 'Stopping what runs')]);
  const revoked = await Promise.allSettled([within(REVOKE_WITHIN, broker.close(), 'Revoking the leases')]);
  const closed = await Promise.allSettled([rooms.close()]);
  const failed = [...stopped, ...revoked, ...closed].find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
