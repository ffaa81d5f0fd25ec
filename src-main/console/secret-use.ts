import type { SecretUse } from '../credentials/vault/vault-terms.ts';
import type { Guard } from '../policy/guard.ts';
import type { PrincipalType } from '../policy/request.ts';
import { secretRequest } from '../policy/step-requests.ts';

const PRINCIPALS = {
  agent: 'Agent',
  user: 'User',
  system: 'System',
  api_key: 'ApiKey',
  webhook: 'System',
} as const satisfies Readonly<Record<SecretUse['by']['type'], PrincipalType>>;

/** Asks the guardrails before a secret of the vault is opened. @throws CausewayError `denied`, `audit-unavailable` */
export async function allowUse(guard: Guard, { secret, integration, purpose, by }: SecretUse): Promise<void> {
  const principal = { type: PRINCIPALS[by.type], id: by.id };
  await guard(secretRequest(principal, { id: secret, integration }, purpose), { actor: { type: by.type, id: by.id } });
}
