import type { KeyChoice } from '../audit/signers/key-reference.ts';
import type { CloudEnvironment } from '../credentials/environment.ts';
import type { PasswordCost } from '../identity/passwords.ts';
import type { WaitingClock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { Random } from '../platform/random.ts';
import type { SecretStore } from '../platform/secret-store.ts';

/** What an open workspace is built from. */
export interface ConsoleConfig {
  /** The data folder, with all workspaces in it: made if needed, used by one process at a time. */
  readonly folder: string;
  /** The workspace in it. */
  readonly tenant: string;
  readonly device: { readonly id: string; readonly name: string };
  readonly secrets: SecretStore;
  /** Scenario folders the built-in sandbox cloud serves; none: no sandbox. */
  readonly sandboxFolders: readonly string[];
  /** Real accounts. */
  readonly awsEnvironments?: readonly CloudEnvironment[];
  /** The key a trail begins with: by default a new one in the keychain. No matter to a trail that exists. */
  readonly signingKey?: KeyChoice;
  /** What hashing a password costs: by default calibrated on this machine, never below OWASP's least. */
  readonly passwordCost?: PasswordCost;
  /** A session locks when nobody did anything for so long, milliseconds. Default: 15 minutes. */
  readonly idleLockMs?: number;
  /** Wall clock. */
  readonly clock?: WaitingClock;
  readonly random?: Random;
  /** Default: a file in the data folder. */
  readonly log?: Pick<Log, 'error' | 'warn'>;
  readonly version: string;
  /** How long after opening the workspace looks whether its own controls are to be checked, milliseconds; absent: never by itself. */
  readonly selfCheckAfterMs?: number;
  /** The folder of what ships with the product: the stand-alone verifier is in it. */
  readonly resources?: string;
}
