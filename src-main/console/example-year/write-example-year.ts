import { join } from 'node:path';
import { openAuditStore } from '#main/audit/store.ts';
import type { Identity, PasswordCost } from '#main/identity/identity.ts';
import { LEAST_COST } from '#main/identity/passwords.ts';
import type { Clock } from '#main/platform/clock.ts';
import { systemRandom } from '#main/platform/random.ts';
import type { SecretStore } from '#main/platform/secret-store.ts';
import { openTenantWorkspaceDb } from '#main/platform/workspace-db.ts';
import { OWN_VERSION } from '#main/policy/own-policies.ts';
import { EXAMPLE_GENERATOR } from '#shared/model/synthetic.ts';
import { createContent } from './content.ts';
import { dataSteps } from './data-steps.ts';
import { EXAMPLE } from './example.ts';
import { createExampleClock } from './example-clock.ts';
import { filling } from './filling.ts';
import { DAY, MINUTE, type Step } from './happening.ts';
import { housekeeping } from './housekeeping.ts';
import { type ExampleIncident, incidentYear } from './incidents.ts';
import { createPeople, peopleChanges } from './people.ts';
import { protectionSteps } from './protection-steps.ts';
import { openExampleRegister } from './register.ts';
import { registerSteps } from './register-steps.ts';
import { accessReviews } from './review-steps.ts';
import { selfCheckSteps } from './self-check-steps.ts';
import { signIns } from './sign-ins.ts';
import type { Stage } from './stage.ts';
import { writeOut } from './write-out.ts';
import { writeSteps } from './write-steps.ts';

export interface ExampleYearOptions {
  /** Of the workspace: made here. */
  readonly folder: string;
  readonly secrets: SecretStore;
  readonly device: { readonly id: string; readonly name: string };
  readonly version: string;
  /** The history ends a few minutes before it. */
  readonly clock: Clock;
  readonly passwordCost?: PasswordCost | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Records written and in all. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** In all; 100,000 by default. A year has its daily and weekly work with fewer, too, and then no more than that. */
  readonly records?: number | undefined;
}

export interface ExampleYear {
  readonly tenant: string;
  readonly email: string;
  readonly password: string;
  readonly records: number;
}

const SEED = 20_260_101;
const BEFORE_NOW = 3 * MINUTE;
/** How many incidents the workspace lists; the trail has all. */
const LISTED = 60;

/**
 * Makes a workspace with a year of plainly synthetic history in a new folder: every record written, signed and covered by
 * checkpoints as any other, at times that are made up. What happens is the same each time; keys and salts are not.
 * @throws CausewayError `cancelled`, and as opening and appending; what was made until then is the caller's to remove
 */
export async function writeExampleYear(options: ExampleYearOptions): Promise<ExampleYear> {
  const { folder, secrets, device, version, passwordCost = LEAST_COST, records = EXAMPLE.records } = options;
  const to = options.clock.now() - BEFORE_NOW;
  const from = to - EXAMPLE.days * DAY;
  const clock = createExampleClock(from);
  const store = await openAuditStore({
    folder,
    tenant: EXAMPLE.tenant,
    secrets,
    clock,
    example: { recordClock: clock.forRecords },
    random: systemRandom,
    generator: { name: EXAMPLE_GENERATOR, version },
  });
  let identity: Identity | undefined;
  try {
    const people = await createPeople({ folder, secrets, store, clock, device, passwordCost });
    identity = people.identity;
    const stage: Stage = {
      cast: people.cast,
      content: createContent(SEED),
      from: clock.now(),
      to,
      chain: store.chain,
      policyVersion: OWN_VERSION,
      density: Math.min(1, records / EXAMPLE.records),
    };
    const { register } = await openExampleRegister(store, { folder, secrets, clock });
    const daily: Step[] = [
      ...peopleChanges(identity, people.cast, clock, stage.from, to),
      ...housekeeping(stage),
      ...signIns(stage),
      ...dataSteps(stage),
      ...protectionSteps(stage, store),
      ...registerSteps(stage, register),
      ...selfCheckSteps(stage, register),
      ...accessReviews(stage, register, people.identity),
    ];
    const incidents = incidentYear(stage, records - store.head().seq - daily.length - ROOM, SEED + 1);
    const steps = [...daily, ...incidents.flatMap((one) => one.steps)].filter(({ at }) => at < to - FILLED_MS);
    const writing = { store, clock, signal: options.signal, onProgress: options.onProgress, total: records };
    await writeSteps(steps, writing);
    await writeSteps(filling(stage, records - store.head().seq, to - FILLED_MS), writing);
    clock.set(to);
    await listIncidents(options, incidents);
  } finally {
    identity?.close();
    await store.close();
  }
  writeOut(join(folder, 'audit.db'));
  return { tenant: EXAMPLE.tenant, email: EXAMPLE.email, password: EXAMPLE.password, records: store.head().seq };
}

/** Left for what rooms write themselves, and filled up in the last hours. */
const ROOM = 150;
const FILLED_MS = 30 * MINUTE;

async function listIncidents(
  { folder, secrets }: ExampleYearOptions,
  incidents: readonly ExampleIncident[],
): Promise<void> {
  const db = await openTenantWorkspaceDb({ file: join(folder, 'workspace.db'), tenant: EXAMPLE.tenant, secrets });
  try {
    for (const { incident } of incidents.slice(-LISTED)) db.putIncident(incident);
  } finally {
    db.close();
  }
}
