import type { AwsCallHooks } from '../platform/aws-calls.ts';
import { type AwsClients, createAwsClients } from '../platform/aws-clients.ts';
import type { AuditWriter } from '../policy/audit-port.ts';
import { type CallOrigin, recordSystemCall } from './call-recorder.ts';

/**
 * Lends clients that sign with the console's own identity, for as long as `use` runs. Their calls are recorded like all
 * others. Nothing but the broker may have them: this identity can assume the roles.
 */
export async function withBaseIdentity<T>(
  audit: AuditWriter,
  version: string,
  origin: CallOrigin,
  resource: string,
  use: (clients: AwsClients) => Promise<T>,
): Promise<T> {
  const { environment } = origin;
  const hooks: AwsCallHooks = {
    after: async (call, result) => {
      await recordSystemCall(audit, origin, call, resource, result);
    },
  };
  const clients = createAwsClients({
    endpoint: environment.endpoint,
    region: environment.region,
    keys: environment.baseCredentials,
    hooks,
    version,
  });
  try {
    return await use(clients);
  } finally {
    clients.destroy();
  }
}
