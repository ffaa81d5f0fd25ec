import { actorOf, deviceOf, system } from './cast.ts';
import { type Day, daysBetween } from './days.ts';
import { type Happening, HOUR, MINUTE, of } from './happening.ts';
import { policyDecided, type Stage } from './stage.ts';

/** Of the weekly verifications these were forgotten, counted from the first: deviations to be found. */
const FORGOTTEN_VERIFICATIONS = [17, 36];
const exportOf = ({ index }: Day) => `export-${index}`;

/** What is done to the trail and with it by the clock: exports, verifications, backups, secrets used. */
export function housekeeping(stage: Stage): readonly Happening[] {
  const steps: Happening[] = [];
  let weeks = 0;
  for (const day of daysBetween(stage.from, stage.to)) {
    steps.push(...exported(stage, day.midnight + 1 * HOUR + stage.content.int(0, 9) * MINUTE, exportOf(day)));
    if (day.weekday === 1) {
      if (!FORGOTTEN_VERIFICATIONS.includes(weeks)) steps.push(verified(stage, day.midnight + 5 * HOUR));
      weeks += 1;
    }
    steps.push(backedUp(stage, day));
    if (stage.content.chance(0.9 * stage.density)) steps.push(...secretUsed(stage, day.midnight + 6 * HOUR));
  }
  // the newest is never a week old, on whatever day of the week the year ends
  steps.push(verified(stage, stage.to - 20 * HOUR));
  return steps;
}

/** What goes to the example's log collector every night. */
function exported(stage: Stage, at: number, name: string): readonly Happening[] {
  const { cast, chain, content } = stage;
  const actor = actorOf(cast.admin);
  return [
    policyDecided(stage, at, {
      rule: 'export-trail',
      principal: `User::${cast.admin.id}`,
      action: 'exportTrail',
      resource: { type: 'AuditTrail', id: chain },
      actor,
    }),
    {
      at: at + 900,
      name,
      input: ({ seq }) =>
        of<'tenant.audit_exported'>({
          action: 'tenant.audit_exported',
          outcome: 'success',
          actor,
          target: { type: 'chain', id: chain },
          device: deviceOf(cast),
          data: {
            format: 'ocsf',
            range: { first: 1, last: seq - 1 },
            records: seq - 1,
            disclosures: 0,
            checkpointSize: seq - 1,
            digest: content.digest(),
          },
        }),
    },
  ];
}

function verified({ cast, chain, content }: Stage, at: number): Happening {
  return {
    at,
    input: ({ seq }) =>
      of<'tenant.audit_verified'>({
        action: 'tenant.audit_verified',
        outcome: 'success',
        actor: actorOf(cast.owner),
        target: { type: 'chain', id: chain },
        data: {
          subject: 'store',
          fileDigest: null,
          range: { first: 1, last: seq - 1 },
          verdict: 'valid',
          problems: 0,
          elapsedMs: content.int(400, 4000),
        },
      }),
  };
}

function backedUp({ content }: Stage, day: Day): Happening {
  return {
    at: day.midnight + 3 * HOUR + content.int(0, 20) * MINUTE,
    needs: [exportOf(day)],
    input: (past) =>
      of<'tenant.backup_verified'>({
        action: 'tenant.backup_verified',
        outcome: 'success',
        actor: system('backup'),
        target: { type: 'backup', id: `example-backup-${new Date(day.midnight).toISOString().slice(0, 10)}` },
        data: {
          backupDigest: content.digest(),
          bytes: 4_000_000 + past.seq * 900,
          range: { first: 1, last: past.seqOf(exportOf(day)) },
          restoredHead: past.hash(exportOf(day)),
        },
      }),
  };
}

function secretUsed(stage: Stage, at: number): readonly Happening[] {
  const { content } = stage;
  const secret = 'example-webhook-secret';
  const actor = system('secret-vault');
  return [
    policyDecided(stage, at, {
      rule: 'open-secret',
      principal: 'System::secret-vault',
      action: 'openSecret',
      resource: { type: 'Secret', id: secret },
      actor,
    }),
    {
      at: at + content.int(3, 40),
      input: of<'credential.secret_used'>({
        action: 'credential.secret_used',
        outcome: 'success',
        actor,
        target: { type: 'secret', id: secret },
        data: { secret, integration: 'example-webhook', purpose: 'check-signature' },
      }),
    },
  ];
}
