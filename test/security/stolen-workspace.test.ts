import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { sandboxEnvironments } from '#main/console/environments.ts';
import { startSandbox } from '#main/sandbox/server.ts';
import { decision, JUSTIFICATION, openScene, proposalOf } from '../main/console/scene.ts';
import { findInFolder, findInText } from '../support/find-in-folder.ts';
import { APPROVER, OPERATOR, OWN_PROOF, PROOF } from '../support/peopled-console.ts';
import { PROJECT_ROOT } from '../support/project-root.ts';
import { signInBeside } from '../support/quick-station.ts';

const cleanups: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const TITLE = 'checkout latency of Placeholder Street';
const ALARM = 'placeholder-street-alarm';
const SECRET = 'integration-secret-canary-4711';
const REFUSED = 'Not convinced by the placeholder on call';

/** A wire between the console and the cloud that remembers every answer, as somebody who listens would. */
async function listenAt(target: string): Promise<{ readonly endpoint: string; readonly heard: () => string }> {
  const { hostname, port } = new URL(target);
  const parts: Buffer[] = [];
  const server = createServer((incoming, outgoing) => {
    const { method, headers, url } = incoming;
    const there = forward(
      { hostname, port, path: url, method, headers: { ...headers, 'accept-encoding': 'identity' } },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.pipe(outgoing);
      },
    );
    incoming.pipe(there);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { endpoint, heard: () => Buffer.concat(parts).toString('utf8') };
}

const all = (text: string, pattern: RegExp): readonly string[] => [
  ...new Set([...text.matchAll(pattern)].flatMap(([, found]) => (found === undefined ? [] : [found]))),
];

/** @securityTest A stolen data folder of a workspace that did its whole job says nothing of people, incidents or secrets */
test('a stolen data folder, after the main job', { timeout: 240_000 }, async () => {
  const outside = await mkdtemp(join(tmpdir(), 'causeway-stolen-'));
  cleanups.push(() => rm(outside, { recursive: true, force: true }));
  const sandbox = await startSandbox({ folders: [join(PROJECT_ROOT, 'resources/scenarios/bad-deployment')] });
  cleanups.push(() => sandbox.close());
  const { endpoint, heard } = await listenAt(sandbox.endpoint);
  const awsEnvironments = sandboxEnvironments(sandbox).map((environment) => ({ ...environment, endpoint }));
  const scene = await openScene({ config: { sandboxFolders: [], awsEnvironments } });
  cleanups.push(() => scene.close());
  const { console } = scene;
  const { workspace, owner, second } = console;

  // the main job, with a mistake of each kind on the way
  const alarm = JSON.stringify(sandbox.accounts[0]?.alarm);
  const name: unknown = JSON.parse(alarm).detail?.alarmName;
  const named = typeof name === 'string' ? alarm.replaceAll(JSON.stringify(name), JSON.stringify(ALARM)) : alarm;
  const incident = await console.importAlarm(new TextEncoder().encode(named), `${TITLE}.json`);
  const { id } = await console.startInvestigation(incident.id);
  const investigation = await console.settled(id);
  const plan = decision({ investigation }, 'approve');
  const wrong = { method: 'password', password: 'a mistyped placeholder passphrase' } as const;
  await expect(console.decide({ ...plan, reauthentication: wrong })).rejects.toThrow();
  await console.decide(plan);
  expect(proposalOf({ investigation: await console.settled(id) }).status).toBe('verified');
  const invited = await workspace.identity.invite(owner, { email: 'third@placeholder.example', role: 'viewer' });
  const { token } = await signInBeside(workspace, APPROVER);
  const { key } = await workspace.identity.createApiKey(owner, {
    label: 'Placeholder export at night',
    scopes: ['trail.export'],
    days: 1,
  });
  await console.vault.store(owner, {
    integration: 'pagerduty',
    name: 'Token of the placeholder on call',
    value: new TextEncoder().encode(SECRET),
  });
  const asked = await console.signingKeys.rotate({ kind: 'keychain' }, 'Placeholder leaves the team', OWN_PROOF);
  if (asked.state !== 'waiting') throw new Error('nobody else was asked');
  await console.approver.protections.decide({
    request: asked.request.id,
    digest: asked.request.digest,
    decision: 'reject',
    justification: REFUSED,
    reauthentication: PROOF,
  });

  const credentials = all(heard(), /<(?:SecretAccessKey|SessionToken)>([^<]+)</g);
  const logLines = all(heard(), /"field":"@message","value":"([^"\\]{24,})"/g);
  expect(credentials.length).toBeGreaterThan(10);
  expect(logLines.length).toBeGreaterThan(10);
  const needles = [
    ...[OPERATOR, APPROVER].flatMap((person) => [person.name, person.email, person.password]),
    ...[incident.title, incident.source.alarmName, ALARM],
    ...[JUSTIFICATION, REFUSED, 'Placeholder leaves the team', 'Placeholder export at night'],
    ...[SECRET, 'Token of the placeholder on call', key, token, invited.code, 'third@placeholder.example'],
    ...[wrong.password, ...credentials, ...logLines.slice(0, 40)],
    ...sandbox.accounts.map(({ baseCredentials }) => baseCredentials.secretAccessKey),
  ];
  const look = () =>
    findInFolder(scene.config.folder, needles).map(({ file, needle, as }) => `${needle} in ${file} as ${as}`);
  expect(look()).toEqual([]);
  expect(findInText(inspect(scene.logged, { depth: null, maxStringLength: null }), needles)).toEqual([]);
  // what is searched for is there, for whoever has the keychain
  expect(console.listIncidents()[0]?.title).toBe(incident.title);
  expect(workspace.identity.nameOf(second.id)).toBe(APPROVER.name);

  await console.close();
  expect(look()).toEqual([]);
});
