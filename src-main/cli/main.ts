import { CausewayError, describeError } from '#shared/errors.ts';
import { closeTerminal, type Io, terminal, watchOutput } from './io.ts';

const USAGE = `causeway: incidents investigated with least privilege, approved by people, on record

  causeway demo [--out DIR] [--scenario NAME] [--yes [--justification TEXT]]
      the main job on the built-in sandbox cloud: alarm, investigation, approval, repair, export, verification
  causeway workspace create --title TEXT --name NAME --email ADDRESS
  causeway workspace list
      workspaces with people, keys and files of their own; the window makes and opens the same ones
  causeway sign-in [--email ADDRESS]   the session of this terminal, kept in the keychain; also: sign-out, whoami
  causeway incident import FILE        an alarm file becomes an incident (EventBridge, Alertmanager, PagerDuty)
  causeway incident list
  causeway investigate INCIDENT        agents investigate; ends with a proposed plan or the reason for none
  causeway approve REMEDIATION [--reject] [--justification TEXT [--yes]]
      shows the plan, asks, records the decision; an approved plan is executed and checked
  causeway export --out FILE [--format chain|range|extract|ocsf|cef|csv] [--first N --last M | --from TIME --to TIME]
      [--incident ID] [--category NAME] [--disclose]    the audit trail as a file; personal values stay sealed unless disclosed
  causeway acknowledge [--justification TEXT --yes]
      takes note, on record, of what contradicts the own history; until then nothing is written
  causeway keys                        the keys that have signed the trail
  causeway keys rotate --reason TEXT [--kms KEY_ARN --region REGION [--profile P] [--endpoint URL] | --sandbox-kms]
      another key signs from here on: a new one in the keychain, or one in AWS KMS
  causeway status                      how the own trail stands, how much of it was checked, and what was found
  causeway verify FILE [--since CHECKPOINT_FILE] [--key KEY_ID] [--witness VKEY]...
                  [--skip-signatures] [--json]

  causeway witness request|cosign|add|remove|list|key
      checkpoints cosigned by other consoles, and theirs by this one, by file (docs/witness.md)

  causeway witness-folder list|add FOLDER|remove FOLDER
      folders elsewhere that are given every new checkpoint; a database put back is told by them

  Commands on a workspace take --data DIR (default: the console's own folder), --workspace NAME where there are several, and
  most --json. With CAUSEWAY_API_KEY set they run as that key.
  Exit status: 0 done, 1 refused or failed, 2 wrong usage (verify: 0 valid, 1 invalid, 2 unreadable).
`;

type Command = (args: readonly string[], io: Io) => Promise<number>;

// Loaded when called for: `verify` must work where there is no keychain, no database and no AWS SDK to load.
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  acknowledge: async () => (await import('./commands/acknowledge.ts')).runAcknowledge,
  demo: async () => (await import('./commands/demo.ts')).runDemo,
  incident: async () => (await import('./commands/incident.ts')).runIncident,
  investigate: async () => (await import('./commands/investigate.ts')).runInvestigate,
  approve: async () => (await import('./commands/approve.ts')).runApprove,
  export: async () => (await import('./commands/export.ts')).runExport,
  keys: async () => (await import('./commands/keys.ts')).runKeys,
  status: async () => (await import('./commands/status.ts')).runStatus,
  'sign-in': async () => (await import('./commands/sign-in.ts')).runSignIn,
  'sign-out': async () => (await import('./commands/sign-in.ts')).runSignOut,
  verify: async () => (await import('./commands/verify.ts')).runVerify,
  whoami: async () => (await import('./commands/sign-in.ts')).runWhoami,
  witness: async () => (await import('./commands/witness.ts')).runWitness,
  workspace: async () => (await import('./commands/workspace.ts')).runWorkspace,
  'witness-folder': async () => (await import('./commands/witness-folder.ts')).runWitnessFolder,
};

/** Of verify, 1 says that the file is not what was written: an error that stops it must not say so. */
function failureStatus(name: string | undefined): number {
  return name === 'verify' ? 2 : 1;
}

/** Runs one command; the exit status says how it went. Errors are a sentence, never a stack. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const [name, ...args] = argv;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    io.stdout(USAGE);
    return name === undefined ? 2 : 0;
  }
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (load === undefined) {
    io.stderr(`causeway: there is no command "${name}"\n\n${USAGE}`);
    return 2;
  }
  try {
    const command = await load();
    return await command(args, io);
  } catch (error) {
    if (error instanceof CausewayError) {
      io.stderr(`causeway ${name}: ${error.message} [${error.code}]\n`);
      return failureStatus(name);
    }
    if (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')) {
      io.stderr(`causeway ${name}: ${error.message}\n\n${USAGE}`);
      return 2;
    }
    io.stderr(`causeway ${name}: an unexpected error stopped the command. ${describeError(error)}\n`);
    return failureStatus(name);
  }
}

if (import.meta.main) {
  const args = process.argv.slice(2);
  watchOutput(failureStatus(args[0]));
  process.exitCode = await run(args, terminal);
  closeTerminal();
}
