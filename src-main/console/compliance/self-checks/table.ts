import type { ControlId } from '#shared/model/control.ts';
import type { HistoryKeeper } from '../../history-desk.ts';
import type { Parts } from '../../parts.ts';
import { checkApiKeys, checkInput, checkLeavers, checkRateLimits, checkRoles } from './access-checks.ts';
import { absent, type Found, partial } from './found.ts';
import { checkAtRest } from './keeping-checks.ts';
import { checkSignIn, checkTokens } from './people-checks.ts';
import { checkLeastPrivilege } from './privilege-check.ts';
import { checkEnvelope, checkTenants } from './sealing-checks.ts';
import {
  checkAftercare,
  checkApprovals,
  checkBreakGlass,
  checkGuardrails,
  checkIncidents,
  checkLeases,
  checkProtections,
} from './step-checks.ts';
import { checkAppendOnly, checkContinuous, checkExports, checkSigningKey, checkWitnesses } from './trail-checks.ts';

const NO_SERVER = 'This build has no server that others could call.';

/** What the console tries on itself, control by control. One that is missing here would be a gap nobody can close. */
export function selfChecks(
  parts: Parts,
  history: Pick<HistoryKeeper, 'selfTest' | 'standing'>,
  now: () => number,
): Readonly<Record<ControlId, () => Promise<Found>>> {
  return {
    'AC-01': () => checkRoles(parts),
    'AC-02': () => checkLeavers(parts),
    'AC-03': () => checkLeastPrivilege(parts),
    'AC-04': checkRateLimits,
    'AC-05': () => checkGuardrails(parts),
    'IA-01': () => checkTokens(parts),
    'IA-02': () => checkSignIn(parts),
    'IA-03': () => checkApiKeys(parts),
    'IA-04': () => checkLeases(parts),
    'AU-01': () => checkAppendOnly(history, now()),
    'AU-02': () => checkSigningKey(parts),
    'AU-03': () => checkContinuous(parts, now()),
    'AU-04': () => checkWitnesses(parts),
    'AU-05': () => checkExports(parts),
    'CM-01': () => checkApprovals(parts),
    'CM-02': () => checkBreakGlass(parts),
    'CM-03': () => checkProtections(parts),
    'CM-04': () => checkAftercare(parts, now()),
    'CP-01': async () => absent('This build makes no backups, so none can be restored for proof.'),
    'IR-01': () => checkIncidents(parts, now()),
    'PT-01': async () => absent('Personal data is not masked before agents see it.'),
    'PT-02': async () => absent('There is no retention schedule, and nothing is purged by it.'),
    'PT-03': async () => absent('Erasure requests are not taken and carried out in this build.'),
    'SC-01': () => checkEnvelope(parts),
    'SC-02': () => checkAtRest(parts),
    'SC-03': () => checkTenants(parts),
    'SC-04': async () => absent(`${NO_SERVER} There are no origins to allow.`),
    'SC-05': async () => absent(`${NO_SERVER} Webhooks cannot come in.`),
    'SI-01': checkInput,
    'SI-02': async () =>
      partial('Breaks of the own chain are shown on the desktop and on record; nothing is delivered elsewhere.', {
        channels: ['desktop'],
      }),
  };
}
