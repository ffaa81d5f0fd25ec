import { hash } from 'node:crypto';
import { actorOf, deviceOf, type Player } from './cast.ts';
import { DAY, type Happening, HOUR, MINUTE, of, timeOf } from './happening.ts';
import { policyDecided, type Stage } from './stage.ts';

const MONTH = 30 * DAY;

/** Secrets, retention, requests of people about their data, witnesses, reports: what happens a few times a year. */
export function dataSteps(stage: Stage): readonly Happening[] {
  const { cast, from } = stage;
  const at = (days: number) => from + days * DAY + 4 * HOUR;
  return [
    ...['example-webhook', 'example-mail', 'example-pager'].map((integration, index) =>
      secretStored(stage, integration, at(2) + index * 7 * MINUTE),
    ),
    witnessFolder(stage, at(3)),
    retention(stage, at(4), 'investigation-evidence', null, 90),
    retention(stage, at(4) + MINUTE, 'audit-trail', null, 2555),
    retention(stage, at(180), 'investigation-evidence', 90, 60),
    ...erasure(stage, 1, at(80), 9),
    ...erasure(stage, 2, at(170), 12),
    ...erasure(stage, 3, at(270), 34), // four days late
    ...dataExported(stage, at(150)),
    report(stage, at(96), { framework: 'soc2', kind: 'soc2-type1', days: 1 }),
    report(stage, at(190), { framework: 'gdpr', kind: 'gdpr-lgpd', days: 180 }),
    report(stage, at(280), { framework: 'soc2', kind: 'soc2-type2', days: 90 }),
    vaultKeyRotated(stage, at(185)),
    secretStored(stage, 'example-pager', at(186), 'example-vault-key-2'),
    secretDeleted(stage, 'example-mail', at(240), cast.admin),
  ];
}

const by = ({ cast }: Stage, player: Player) => ({
  outcome: 'success' as const,
  actor: actorOf(player),
  device: deviceOf(cast),
});

function secretStored(stage: Stage, integration: string, at: number, wrappingKey = 'example-vault-key-1'): Happening {
  const secret = `${integration}-secret`;
  return {
    at,
    input: of<'credential.secret_stored'>({
      ...by(stage, stage.cast.admin),
      action: 'credential.secret_stored',
      target: { type: 'secret', id: secret },
      data: { secret, integration, wrappingKey },
    }),
  };
}

function secretDeleted(stage: Stage, integration: string, at: number, player: Player): Happening {
  const secret = `${integration}-secret`;
  return {
    at,
    input: of<'credential.secret_deleted'>({
      ...by(stage, player),
      action: 'credential.secret_deleted',
      target: { type: 'secret', id: secret },
      data: { secret, integration, reason: 'removed' },
    }),
  };
}

function vaultKeyRotated(stage: Stage, at: number): Happening {
  return {
    at,
    input: of<'credential.key_rotated'>({
      ...by(stage, stage.cast.owner),
      action: 'credential.key_rotated',
      target: { type: 'vault-key', id: 'example-vault-key-2' },
      data: { purpose: 'data-encryption', oldKey: 'example-vault-key-1', reason: 'renewed' },
    }),
  };
}

function witnessFolder(stage: Stage, at: number): Happening {
  return {
    at,
    input: of<'tenant.configuration_changed'>({
      ...by(stage, stage.cast.owner),
      action: 'tenant.configuration_changed',
      target: { type: 'chain', id: stage.chain },
      data: { setting: 'witness-folder', old: null, new: hash('sha256', 'example witness folder', 'hex') },
    }),
  };
}

function retention(stage: Stage, at: number, dataClass: string, oldDays: number | null, newDays: number): Happening {
  return {
    at,
    input: of<'tenant.retention_policy_changed'>({
      ...by(stage, stage.cast.owner),
      action: 'tenant.retention_policy_changed',
      target: { type: 'data-class', id: dataClass },
      data: { dataClass, oldDays, newDays },
    }),
  };
}

/** Somebody asks to be erased; nothing of them was kept, and the certificate says so. */
function erasure(stage: Stage, number: number, at: number, afterDays: number): readonly Happening[] {
  const { cast, content } = stage;
  const request = `erasure-${String(number).padStart(4, '0')}`;
  const subject = `example-person-${number}`;
  const target = { type: 'subject', id: subject };
  const done = at + afterDays * DAY;
  return [
    {
      at,
      input: of<'tenant.erasure_requested'>({
        ...by(stage, cast.admin),
        action: 'tenant.erasure_requested',
        target,
        data: { request, scope: 'subject', subject, due: timeOf(at + MONTH) },
      }),
    },
    policyDecided(stage, done, {
      rule: 'erase-by-a-person',
      principal: `User::${cast.admin.id}`,
      action: 'eraseSubject',
      resource: { type: 'Subject', id: subject },
      actor: actorOf(cast.admin),
    }),
    {
      at: done + 800,
      input: of<'tenant.erasure_completed'>({
        ...by(stage, cast.admin),
        action: 'tenant.erasure_completed',
        target,
        data: { request, certificate: content.digest(), erased: [] },
      }),
    },
  ];
}

function dataExported(stage: Stage, at: number): readonly Happening[] {
  const { cast, content } = stage;
  return [
    {
      at,
      input: of<'tenant.data_exported'>({
        ...by(stage, cast.admin),
        action: 'tenant.data_exported',
        target: { type: 'subject', id: 'example-person-4' },
        data: { subject: 'example-person-4', scope: 'subject', records: content.int(3, 40), digest: content.digest() },
      }),
    },
  ];
}

function report(
  stage: Stage,
  at: number,
  { framework, kind, days }: { readonly framework: string; readonly kind: string; readonly days: number },
): Happening {
  const { cast, content } = stage;
  return {
    at,
    input: ({ seq }) =>
      of<'tenant.report_generated'>({
        ...by(stage, cast.admin),
        action: 'tenant.report_generated',
        target: { type: 'report', id: `example-${kind}` },
        data: {
          framework,
          from: timeOf(at - days * DAY),
          to: timeOf(at),
          format: 'html',
          digest: content.digest(),
          kind,
          document: content.digest(),
          parameters: content.digest(),
          range: { first: 1, last: seq - 1 },
          inScope: Math.floor((seq - 1) * 0.8),
          exceptions: content.int(1, 6),
        },
      }),
  };
}
