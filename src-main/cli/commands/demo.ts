import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { KEYCHAIN_SERVICE } from '#main/console/local-station.ts';
import type { Console } from '#main/console.ts';
import { openKeychain } from '#main/credentials/keychain.ts';
import { createMemorySecrets } from '#main/credentials/memory-secrets.ts';
import { LEAST_COST } from '#main/identity/passwords.ts';
import { CausewayError } from '#shared/errors.ts';
import type { Incident } from '#shared/model/incident.ts';
import type { Investigation, Remediation } from '#shared/model/investigation.ts';
import type { Verdict } from '#shared/model/verdict.ts';
import { askDecision, lengthOf, MIN_JUSTIFICATION } from '../decide.ts';
import { type DemoPeople, signInDemoPeople } from '../demo-people.ts';
import { followIncident } from '../follow.ts';
import { type Io, plain } from '../io.ts';
import { presentHypotheses, presentOutcome, presentPlan } from '../present.ts';
import { canBringKeychain, isInsidePrivateKeychain, runWithPrivateKeychain } from '../private-keychain.ts';
import { renderSummary } from '../summary.ts';
import { shippedScenarios, withStation } from '../workspace.ts';

const USAGE =
  'usage: causeway demo [--out DIR] [--scenario NAME] [--signer keychain|kms] [--yes [--justification TEXT]]\n';
const GIVEN_BEFOREHAND = 'Approved beforehand with --yes, for a demonstration on the sandbox cloud.';

/**
 * The main job on the sandbox cloud, start to end: alarm, investigation, decision, repair, export, verification.
 * Leaves DIR/<scenario>.chain.jsonl and DIR/<scenario>.summary.html. Exit 0 when the chain verifies and, after an
 * approval, the signal recovered (or the person rejected the plan); 1 otherwise.
 */
export async function runDemo(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      out: { type: 'string', default: 'demo-out' },
      scenario: { type: 'string', default: 'bad-deployment' },
      signer: { type: 'string', default: 'keychain' },
      yes: { type: 'boolean', default: false },
      justification: { type: 'string', default: GIVEN_BEFOREHAND },
    },
  });
  const folder = shippedScenarios().find((one) => path.basename(one) === values.scenario);
  const signer = values.signer === 'kms' || values.signer === 'keychain' ? values.signer : null;
  if (
    positionals.length > 0 ||
    folder === undefined ||
    signer === null ||
    lengthOf(values.justification.trim()) < MIN_JUSTIFICATION
  ) {
    if (folder === undefined)
      io.stderr(
        `There is no scenario "${values.scenario}". There are: ${shippedScenarios()
          .map((one) => path.basename(one))
          .join(', ')}.\n`,
      );
    io.stderr(USAGE);
    return 2;
  }
  const out = path.resolve(values.out);
  makeFolder(out); // before anything is started: an unusable folder costs nothing
  if (!isInsidePrivateKeychain() && canBringKeychain()) {
    const program = fileURLToPath(new URL('../main.ts', import.meta.url));
    return runWithPrivateKeychain([process.execPath, program, 'demo', ...args]);
  }
  return demonstrate(
    { scenario: values.scenario, folder, out, signer, given: values.yes ? values.justification.trim() : null },
    io,
  );
}

interface Demo {
  readonly scenario: string;
  readonly folder: string;
  readonly out: string;
  /** Where the key is that signs the trail: `kms` is the sandbox's KMS. */
  readonly signer: 'keychain' | 'kms';
  /** The justification given beforehand, or null when a person is to be asked. */
  readonly given: string | null;
}

async function demonstrate(demo: Demo, io: Io): Promise<number> {
  const workspace = mkdtempSync(path.join(tmpdir(), 'causeway-demo-'));
  const secrets = isInsidePrivateKeychain() ? await openKeychain(KEYCHAIN_SERVICE) : createMemorySecrets();
  io.stdout(
    `Causeway demonstration: scenario ${demo.scenario}, made-up data, no network beyond this machine.\n` +
      `  Cloud      built-in sandbox on loopback, spoken to with the AWS SDK\n` +
      `  Keychain   ${isInsidePrivateKeychain() ? 'a private GNOME Keyring, started for this run and gone after it' : secrets.description}\n` +
      `  Workspace  temporary, deleted at the end; what stays is in ${demo.out}\n\n`,
  );
  if (demo.signer === 'kms') io.stdout("  Signer     a key in the sandbox's AWS KMS signs each record\n\n");
  try {
    const signingKey = demo.signer === 'kms' ? ({ kind: 'sandbox-kms' } as const) : ({ kind: 'keychain' } as const);
    const options = { data: workspace, secrets, sandboxFolders: [demo.folder], signingKey, passwordCost: LEAST_COST };
    return await withStation(options, async ({ station }) => {
      const people = await signInDemoPeople(station);
      io.stdout(
        `  People     ${people.operator.info().user.name} investigates, ${people.approver.info().user.name} decides: nobody approves what they asked for\n\n`,
      );
      return play(people, demo, io);
    });
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
}

async function play(people: DemoPeople, demo: Demo, io: Io): Promise<number> {
  const console = people.operator;
  const environment = console.info().environments[0];
  if (environment === undefined)
    throw new CausewayError('not-found', `The scenario ${demo.folder} gave no environment.`);
  const incident = await console.raiseSandboxAlarm(environment.id);
  io.stdout(`${incident.id}  ${incident.severity}  ${plain(incident.title)}\n\n`);
  const stop = followIncident(console, incident.id, io);
  const started = await console.startInvestigation(incident.id);
  let investigation = await console.settled(started.id);
  const seen = stop();
  io.stdout(
    `\nRoot-cause hypotheses (${investigation.considered} services considered)\n${presentHypotheses(investigation)}`,
  );
  if (investigation.remediation !== null) {
    investigation = await decideAndWatch(people, investigation, investigation.remediation, demo, io, seen);
  }
  return finish(console, incident, investigation, demo, io);
}

async function decideAndWatch(
  { approver, reauthentication, nobody }: DemoPeople,
  investigation: Investigation,
  remediation: Remediation,
  demo: Demo,
  io: Io,
  seen: number,
): Promise<Investigation> {
  if (demo.given !== null) io.stdout(`\n${presentPlan(remediation)}`);
  const asked =
    demo.given === null
      ? await askDecision(remediation, io)
      : { decision: 'approve' as const, justification: demo.given };
  io.stdout('\n');
  const stop = followIncident(approver, investigation.incident, io, seen);
  try {
    if (asked === null) await nobody();
    else {
      await approver.decide({
        ...asked,
        remediation: remediation.id,
        planDigest: remediation.planDigest,
        channel: demo.given === null ? 'terminal' : 'terminal-flag',
        reauthentication,
      });
    }
    return await approver.settled(investigation.id);
  } finally {
    stop();
  }
}

async function finish(
  console: Console,
  incident: Incident,
  investigation: Investigation,
  demo: Demo,
  io: Io,
): Promise<number> {
  const { remediation } = investigation;
  if (remediation !== null) io.stdout(`\n${presentOutcome(remediation)}`);
  const chainFile = path.join(demo.out, `${demo.scenario}.chain.jsonl`);
  const summaryFile = path.join(demo.out, `${demo.scenario}.summary.html`);
  rmSync(chainFile, { force: true }); // of an earlier demonstration
  const exported = await console.exportChain(chainFile, true);
  const verdict = await console.verifyFile(chainFile);
  const detail = console.getIncident(incident.id);
  const chart = console.chart(investigation.id, incident.signal.metric);
  writeFileSync(
    summaryFile,
    renderSummary({ detail, investigation, chart, verdict, exported, scenario: demo.scenario }),
  );
  io.stdout(
    `\nChain      ${verdict.verdict}: ${verdict.records} records, head ${verdict.head}\n` +
      `           key ${verdict.keys.map((key) => key.id).join(', ')} · ${sealedText(verdict)}\n` +
      `Export     ${chainFile}\nSummary    ${summaryFile}\n` +
      `Check it   npm run -s causeway -- verify ${path.relative(process.cwd(), chainFile)}\n`,
  );
  const ended =
    remediation === null ? false : remediation.status === 'rejected' || remediation.result?.verdict === 'recovered';
  return verdict.verdict === 'valid' && ended ? 0 : 1;
}

const sealedText = ({ sealed }: Verdict) =>
  `sealed values: ${sealed.disclosed} disclosed, ${sealed.withheld} withheld, ${sealed.erased} erased`;

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new CausewayError('read-only', `The folder ${folder} cannot be made. Choose another with --out.`, {
      cause: error,
    });
  }
}
