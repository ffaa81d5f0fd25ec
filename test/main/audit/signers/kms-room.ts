import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { awsKms } from '#main/audit/signers/aws-kms.ts';
import type { KeyChoice } from '#main/audit/signers/key-reference.ts';
import { type AuditStore, openAuditStore } from '#main/audit/store.ts';
import { systemRandom } from '#main/platform/random.ts';
import { HandClock, removeFolder, TEST_GENERATOR, temporaryFolder } from '../../../support/audit-store.ts';
import { type FaultyKms, startFaultyKms } from '../../../support/kms-faults.ts';
import { MemorySecrets } from '../../../support/memory-secrets.ts';
import { startTestSandbox } from '../../sandbox/clients.ts';

/** A folder for a trail, a keychain, and a sandbox's KMS behind a proxy that can misbehave. */
export interface KmsRoom {
  readonly folder: string;
  readonly secrets: MemorySecrets;
  readonly clock: HandClock;
  readonly proxy: FaultyKms;
  readonly keysFile: string;
  open(beginWith?: KeyChoice): Promise<AuditStore>;
}

export async function createKmsRoom(folder = temporaryFolder(), secrets = new MemorySecrets()): Promise<KmsRoom> {
  const clock = new HandClock();
  const keysFile = join(folder, 'sandbox', 'kms-keys.json');
  const { sandbox, account } = await startTestSandbox({}, { kmsKeys: keysFile });
  const proxy = await startFaultyKms(sandbox.endpoint);
  onTestFinished(async () => {
    await proxy.close();
    removeFolder(folder);
  });
  const kms = awsKms('1', {
    endpoint: proxy.endpoint,
    region: account.region,
    keys: async () => account.baseCredentials,
  });
  return {
    folder,
    secrets,
    clock,
    proxy,
    keysFile,
    open: (beginWith) =>
      openAuditStore({
        folder: join(folder, 'trail'),
        tenant: 'acme',
        secrets,
        clock,
        random: systemRandom,
        generator: TEST_GENERATOR,
        kms,
        beginWith,
      }),
  };
}
