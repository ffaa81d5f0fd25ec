import type { RegisterSnapshot } from '#main/compliance/evaluation/register-snapshot.ts';
import type { Attachments } from '#main/compliance/register/attachments.ts';
import type { Register } from '#main/compliance/register/changes.ts';
import { runSelfChecks, type SelfCheck } from '#main/compliance/register/self-checks.ts';
import { overviewOf } from '#main/compliance/register/views.ts';
import { wallClock } from '#main/platform/clock.ts';
import type { Counting } from '#shared/ipc/compliance-views.ts';
import type { HistoryKeeper } from '../history-desk.ts';
import type { Parts } from '../parts.ts';
import { selfChecks } from './self-checks/table.ts';

/** How often it is looked whether checks are due, milliseconds. */
const LOOK_EVERY = 10 * 60_000;

const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** Tries the console's own controls, and puts on record what was found and which status came of it. */
export interface SelfChecking {
  run(): Promise<void>;
  stop(): void;
}

export interface SelfCheckingParts {
  readonly parts: Parts;
  readonly history: HistoryKeeper;
  readonly register: Register;
  readonly attachments: Attachments;
  readonly counted: () => Promise<void>;
  readonly counting: () => Counting;
  readonly snapshot: () => RegisterSnapshot | null;
}

/** Where the workspace is to check itself: some seconds after it was opened, and then every day. */
export function createSelfChecking(options: SelfCheckingParts): SelfChecking {
  const { parts, history, register, attachments, counted, counting } = options;
  const { config, rooms, identity } = parts;
  const clock = config.clock ?? wallClock;
  let running: Promise<void> | null = null;

  /** What was looked at is kept, as its digest goes on record: the same from day to day is one file. */
  const keeping = (checks: Readonly<Record<string, SelfCheck>>): Readonly<Record<string, SelfCheck>> =>
    Object.fromEntries(
      Object.entries(checks).map(([control, run]) => [
        control,
        async () => {
          const found = await run();
          // what was found stands on record also when there is no room for the file
          await attachments
            .keep(Buffer.from(found.evidence, 'utf8'))
            .catch((err: unknown) => rooms.log.warn({ err }, 'what a self-check looked at was not kept'));
          return found;
        },
      ]),
    );

  async function check(): Promise<void> {
    const results = await runSelfChecks(keeping(selfChecks(parts, history, clock.now)));
    await register.recordSelfChecks(results);
    await recordStatuses();
  }

  /** A status is computed from evidence; that it became another one is on record the same day. */
  async function recordStatuses(): Promise<void> {
    await counted();
    const snapshot = options.snapshot();
    if (snapshot === null) return;
    const { controls } = overviewOf(snapshot, counting(), clock.now(), (id) => identity.nameOf(id));
    const changes = controls.flatMap(({ id, status, reasons }) => {
      const before = snapshot.state.controls[id]?.status ?? null;
      return before === status || (before === null && status === 'gap') ? [] : [{ control: id, status, reasons }];
    });
    if (changes.length > 0) await register.recordStatuses(changes);
  }

  const run = () => {
    running ??= check().finally(() => {
      running = null;
    });
    return running;
  };

  /** Not while nothing can be recorded, and not before there are people: a workspace is theirs to begin. */
  async function look(): Promise<void> {
    if (rooms.store.refusal() !== null || !identity.hasPeople()) return;
    await counted();
    const checks = Object.values(options.snapshot()?.state.controls ?? {}).flatMap(({ check: found }) => found ?? []);
    const today = dayOf(clock.now());
    // one recorded while a clock ran ahead must not keep the next from being made until then
    const days = checks.map(({ time }) => dayOf(Date.parse(time))).filter((day) => day <= today);
    if (!days.includes(today)) await run();
  }

  const tryLook = () => {
    look().catch((err: unknown) => rooms.log.warn({ err }, 'the self-checks could not be run'));
  };
  const after = config.selfCheckAfterMs;
  const first = after === undefined ? undefined : setTimeout(tryLook, after).unref();
  const timer = after === undefined ? undefined : setInterval(tryLook, LOOK_EVERY).unref();
  return {
    run,
    stop: () => {
      clearTimeout(first);
      clearInterval(timer);
    },
  };
}
