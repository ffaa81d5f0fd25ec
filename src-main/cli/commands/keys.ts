import { parseArgs } from 'node:util';
import { type KeyChoice, KmsReference } from '#main/audit/signers/key-reference.ts';
import type { SigningKey } from '#shared/ipc/verification-views.ts';
import { COMMAND_ACCESS } from '../access.ts';
import { lengthOf, MIN_JUSTIFICATION } from '../decide.ts';
import type { Io } from '../io.ts';
import { presentProtection } from '../present-protection.ts';
import { askReauthentication } from '../reauthenticate.ts';
import { WORKSPACE_OPTIONS, withSeat } from '../workspace.ts';

const USAGE = `usage: causeway keys [--data DIR] [--json]
       causeway keys rotate --reason TEXT [--data DIR] [--json]
           [--kms KEY_ARN --region REGION [--profile PROFILE] [--endpoint URL] | --sandbox-kms]
`;

/** `causeway keys`: the keys that have signed the trail; `causeway keys rotate`: another one from here on. */
export async function runKeys(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...WORKSPACE_OPTIONS,
      json: { type: 'boolean', default: false },
      reason: { type: 'string' },
      kms: { type: 'string' },
      region: { type: 'string' },
      profile: { type: 'string' },
      endpoint: { type: 'string' },
      'sandbox-kms': { type: 'boolean', default: false },
    },
  });
  const [what, ...rest] = positionals;
  const rotation = what === 'rotate' ? readRotation(values) : null;
  if (rest.length > 0 || (what !== undefined && what !== 'rotate') || typeof rotation === 'string') {
    if (typeof rotation === 'string') io.stderr(`causeway keys rotate: ${rotation}\n`);
    io.stderr(USAGE);
    return 2;
  }
  const access = COMMAND_ACCESS[rotation === null ? 'keys list' : 'keys rotate'];
  return withSeat({ ...values, access }, async ({ console: { signingKeys }, workspace, principal }) => {
    if (rotation !== null) {
      const proof = await askReauthentication(workspace, principal, io);
      const outcome = await signingKeys.rotate(rotation.to, rotation.reason, proof);
      if (outcome.state !== 'done') {
        io.stdout(values.json ? `${JSON.stringify(outcome)}\n` : presentProtection(outcome));
        return 0;
      }
    }
    const keys = signingKeys.list();
    io.stdout(values.json ? `${JSON.stringify(keys)}\n` : presentKeys(keys));
    return 0;
  });
}

interface RotationOptions {
  readonly reason?: string | undefined;
  readonly kms?: string | undefined;
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly 'sandbox-kms': boolean;
}

/** What the rotation is to, or what is wrong with the options. */
function readRotation(options: RotationOptions): { readonly to: KeyChoice; readonly reason: string } | string {
  const { kms, region, profile, endpoint } = options;
  const reason = options.reason?.trim() ?? '';
  if (lengthOf(reason) < MIN_JUSTIFICATION) return `say why with --reason, in ${MIN_JUSTIFICATION} characters or more`;
  if (options['sandbox-kms']) {
    if ([kms, region, profile, endpoint].some((one) => one !== undefined))
      return '--sandbox-kms goes with no other key';
    return { to: { kind: 'sandbox-kms' }, reason };
  }
  if (kms === undefined) {
    if ([region, profile, endpoint].some((one) => one !== undefined)) return '--kms KEY_ARN is missing';
    return { to: { kind: 'keychain' }, reason };
  }
  const reference = KmsReference.safeParse({
    kind: 'kms',
    keyArn: kms,
    region: region ?? kms.split(':')[3],
    access: { type: 'aws', ...(profile !== undefined && { profile }), ...(endpoint !== undefined && { endpoint }) },
  });
  if (!reference.success) return reference.error.issues[0]?.message ?? 'the key cannot be read';
  return { to: reference.data, reason };
}

function presentKeys(keys: readonly SigningKey[]): string {
  return keys
    .map(({ id, alg, fromSeq, toSeq, where }) => {
      const range = toSeq === null ? `from record ${fromSeq} on` : `records ${fromSeq} to ${toSeq}`;
      return `${id}  ${alg.padEnd(7)}  ${range}${where === null ? '' : `  ${where}`}\n`;
    })
    .join('');
}
