import { seal } from '#main/audit/seal.ts';
import type { AuditStore } from '#main/audit/store.ts';
import type { Principal } from '#main/identity/principal.ts';
import type { Clock } from '#main/platform/clock.ts';
import type { Random } from '#main/platform/random.ts';
import type { SecretStore } from '#main/platform/secret-store.ts';
import { type AuditWriter, appendOrRefuse } from '#main/policy/audit-port.ts';
import { CausewayError } from '#shared/errors.ts';
import type { Reauthentication } from '#shared/model/access.ts';
import type { RequestStore } from '../protections/request-store.ts';
import type { AnswerPorts } from './verify-answer.ts';

/** Of the records that say that an answer was given here, or that one was not taken. */
const ANSWER_SETTING = 'decision-by-file';

export interface DecisionFilesOptions {
  readonly tenant: string;
  readonly audit: Pick<AuditStore, 'append' | 'chain' | 'decisionsAfter' | 'get' | 'getVerified' | 'keys'>;
  readonly store: RequestStore;
  readonly secrets: SecretStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly device: { readonly id: string; readonly name: string };
  /** Registered devices of this workspace's people, by key id. */
  readonly registered: AnswerPorts['device'];
  readonly people: {
    nameOf(id: string): string;
    /** @throws CausewayError `reauthentication-required` */
    reauthenticate(principal: Principal, proof: Reauthentication): Promise<'password' | 'totp'>;
  };
}

/** Puts on record that an answer was given here, or that one was not taken. `digest`: of its file. */
export async function recordAnswer(
  audit: AuditWriter,
  by: Principal,
  digest: string,
  outcome: 'success' | 'denied',
  target: { readonly type: string; readonly id: string },
): Promise<void> {
  const data = { setting: ANSWER_SETTING, old: null, new: digest };
  const input = { action: 'tenant.configuration_changed' as const, outcome, ...recordedAs(by), target, data };
  await appendOrRefuse(audit, input, 'so no decision was given');
}

export function recordedAs({ type, id, name, device }: Principal) {
  return {
    actor: { type, id, name: seal(id, name) },
    device: { id: device.id, name: seal(id, device.name) },
  };
}

export function expired(what: string): CausewayError {
  const text = `The time to ${what} has passed; that counts as no. Nothing was written.`;
  return new CausewayError('conflict', text, { reason: 'expired' });
}
