import { CausewayError, describeError } from '#shared/errors.ts';
import { closeTerminal, type Io, terminal, watchOutput } from './io.ts';
import { asksForHelp, USAGE, usageOf } from './usage.ts';

type Command = (args: readonly string[], io: Io) => Promise<number>;

// Loaded when called for: `verify` must work where there is no keychain, no database and no AWS SDK to load.
export const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  acknowledge: async () => (await import('./commands/acknowledge.ts')).runAcknowledge,
  'access-review': async () => (await import('./commands/access-review.ts')).runAccessReview,
  'api-key': async () => (await import('./commands/api-key.ts')).runApiKey,
  approve: async () => (await import('./commands/approve.ts')).runApprove,
  bundle: async () => (await import('./commands/bundle.ts')).runBundle,
  changes: async () => (await import('./commands/changes.ts')).runChanges,
  compliance: async () => (await import('./commands/compliance.ts')).runCompliance,
  demo: async () => (await import('./commands/demo.ts')).runDemo,
  device: async () => (await import('./commands/device.ts')).runDevice,
  example: async () => (await import('./commands/example.ts')).runExample,
  export: async () => (await import('./commands/export.ts')).runExport,
  incident: async () => (await import('./commands/incident.ts')).runIncident,
  investigate: async () => (await import('./commands/investigate.ts')).runInvestigate,
  keys: async () => (await import('./commands/keys.ts')).runKeys,
  leases: async () => (await import('./commands/leases.ts')).runLeases,
  notes: async () => (await import('./commands/notes.ts')).runNotes,
  people: async () => (await import('./commands/people.ts')).runPeople,
  policy: async () => (await import('./commands/policy.ts')).runPolicy,
  report: async () => (await import('./commands/report.ts')).runReport,
  request: async () => (await import('./commands/request.ts')).runRequest,
  review: async () => (await import('./commands/review.ts')).runReview,
  sample: async () => (await import('./commands/sample.ts')).runSample,
  'second-factor': async () => (await import('./commands/second-factor.ts')).runSecondFactor,
  secret: async () => (await import('./commands/secret.ts')).runSecret,
  'sign-in': async () => (await import('./commands/sign-in.ts')).runSignIn,
  'sign-out': async () => (await import('./commands/sign-in.ts')).runSignOut,
  status: async () => (await import('./commands/status.ts')).runStatus,
  verify: async () => (await import('./commands/verify.ts')).runVerify,
  whoami: async () => (await import('./commands/sign-in.ts')).runWhoami,
  witness: async () => (await import('./commands/witness.ts')).runWitness,
  'witness-folder': async () => (await import('./commands/witness-folder.ts')).runWitnessFolder,
  workspace: async () => (await import('./commands/workspace.ts')).runWorkspace,
};

/** Of verify, 1 says that the file is not what was written: an error that stops it must not say so. */
function failureStatus(name: string | undefined): number {
  return name === 'verify' ? 2 : 1;
}

/** Runs one command; the exit status says how it went. Errors are a sentence, never a stack. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const [name, ...args] = argv;
  if (name === undefined || name === 'help' || asksForHelp([name])) {
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
    if (!asksForHelp(args)) return await command(args, io);
    // commands with words of their own say how these are used when they do not know one
    const status = await command(args, { ...io, stderr: io.stdout });
    return status === 2 ? 0 : status;
  } catch (error) {
    if (error instanceof CausewayError) {
      io.stderr(`causeway ${name}: ${error.message} [${error.code}]\n`);
      return failureStatus(name);
    }
    if (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')) {
      if (asksForHelp(args)) {
        io.stdout(usageOf(name));
        return 0;
      }
      io.stderr(`causeway ${name}: ${error.message}\n\n${usageOf(name)}`);
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
