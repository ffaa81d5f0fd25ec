import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openRegisterKeeper, type RegisterKeeper } from '#main/compliance/evaluation/register-keeper.ts';
import type { RegisterSnapshot } from '#main/compliance/evaluation/register-snapshot.ts';
import { type Attachments, createAttachments } from '#main/compliance/register/attachments.ts';
import { createRegister, type Register } from '#main/compliance/register/changes.ts';
import { beginRegister } from '#main/compliance/register/fold.ts';
import type { Unsound } from '#main/compliance/register/unsound.ts';
import { createCipher } from '#main/platform/cipher.ts';
import { wallClock } from '#main/platform/clock.ts';
import { systemRandom } from '#main/platform/random.ts';
import { tenantKey } from '#main/platform/tenant-keys.ts';
import { CausewayError } from '#shared/errors.ts';
import type { Counting } from '#shared/ipc/compliance-views.ts';
import type { Problem } from '#shared/model/verdict.ts';
import type { HistoryKeeper } from '../history-desk.ts';
import type { Parts } from '../parts.ts';
import { createSelfChecking, type SelfChecking } from './self-checking.ts';

/** What the desks of all people work with. Counting begins when somebody first asks for what is counted. */
export interface ComplianceRoom {
  counting(): Counting;
  readonly register: Register;
  readonly attachments: Attachments;
  readonly checking: SelfChecking;
  /** What does not hold in the records, as verification knows it now; null: nothing that is known. */
  unsound(): Unsound | null;
  /** Null before the first count has come to its end. */
  snapshot(): RegisterSnapshot | null;
  /** Resolves when every record there is now was counted. */
  counted(): Promise<void>;
  /** What is shown changed. */
  changed(): void;
}

/** Opens what the control register is made of; closed with the rooms. */
export async function openComplianceRoom(parts: Parts, history: HistoryKeeper): Promise<ComplianceRoom> {
  const { config, rooms, events, identity } = parts;
  const { store, folder, log } = rooms;
  const clock = config.clock ?? wallClock;
  const { cipher, lost } = await openCipher(config, folder);
  const changed = () => events.emit({ type: 'compliance' });
  const onError = (err: unknown) => log.error({ err }, 'counting evidence');
  let opened: RegisterKeeper | null = null;
  const keeper = () => {
    opened ??= openRegisterKeeper({
      store,
      file: join(folder, 'register.bin'),
      cipher,
      clock,
      onChange: changed,
      onError,
    });
    return opened;
  };
  const unsound = (): Unsound | null => {
    const { problems, count } = parts.continuous.damage();
    const open = store.standing().breaks.filter(({ acknowledged }) => acknowledged === null);
    const all = [...open.map(({ seq, text }) => ({ seq, text })), ...problems.map(toFound)];
    return all.length === 0 ? null : { problems: all, count: Math.max(all.length, count + open.length) };
  };
  let known = 0;
  const stopFollowing = events.subscribe((event) => {
    if (event.type === 'chain') opened?.grow();
    if (event.type !== 'coverage') return;
    const count = unsound()?.count ?? 0;
    if (count !== known) changed();
    known = count;
  });
  const random = config.random ?? systemRandom;
  const kept = createAttachments({ folder, cipher, random });
  const attachments = lost === null ? kept : unreadable(kept, lost);
  const register = createRegister({
    audit: parts.audit,
    state: () => keeper().snapshot()?.state ?? beginRegister(),
    clock,
    attachments,
    random,
    isMember: (id) => identity.people().some((one) => one.id === id),
  });
  const snapshot = () => {
    const counted = keeper().snapshot();
    return counted === null ? null : { ...counted, unsound: unsound() };
  };
  const counting = () => keeper().counting();
  const counted = () => keeper().upTo(store.head().seq);
  const checking = createSelfChecking({ parts, history, register, attachments, counted, counting, snapshot });
  rooms.closeFirst(async () => {
    stopFollowing();
    checking.stop();
    await opened?.stop();
  });
  return { counting, register, attachments, checking, unsound, snapshot, counted, changed };
}

function toFound({ seq, message }: Problem): Unsound['problems'][number] {
  return { seq: seq === undefined || seq < 1 ? null : seq, text: message };
}

/**
 * The key under which attachments and counts rest. One that is gone is made again only while nothing rests under it;
 * otherwise attachments are refused with the reason, what was counted is counted again, and everything else goes on.
 */
async function openCipher({ secrets, tenant }: Parts['config'], folder: string) {
  const begun = existsSync(join(folder, 'attachments'));
  try {
    return { cipher: createCipher(await tenantKey(secrets, tenant, 'evidence', !begun), tenant), lost: null };
  } catch (error) {
    if (!(error instanceof CausewayError) || error.reason !== 'key-lost') throw error;
    return { cipher: createCipher(randomBytes(32), tenant), lost: error };
  }
}

/** Nothing is read, and nothing kept that nobody could read again. */
function unreadable(attachments: Attachments, lost: CausewayError): Attachments {
  const refuse = () => Promise.reject(lost);
  return { ...attachments, keep: refuse, read: refuse };
}
