import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openPeopled } from '../../support/peopled-console.ts';
import { writeScenario } from '../../support/scenario.ts';
import { doomedConfig } from './doomed-program.ts';
import { recordsOf } from './scene.ts';

/** @securityTest A console killed midway leaves no lease without an end on record, and a chain that verifies */
it('brings everything to an end on record after being killed in the middle of an investigation', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'causeway-killed-'));
  const scenario = await writeScenario(join(folder, 'scenario'), { hoursBefore: 60 });
  const places = [join(folder, 'workspace'), scenario, join(folder, 'secrets.json')] as const;
  const program = fileURLToPath(new URL('doomed-program.ts', import.meta.url));
  const child = spawn(process.execPath, [program, ...places], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  for await (const piece of child.stdout) {
    output += String(piece);
    if (/^[1-9]\d* leases$/m.test(output)) break;
  }
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
  expect(output).not.toContain('too late');

  const console = await openPeopled(doomedConfig(...places));
  try {
    const { incident, investigation } = console.getIncident('inc-0001');
    expect(investigation).toMatchObject({ status: 'failed', remediation: null });
    expect(incident.status).toBe('needs-attention');
    const ids = (action: 'credential.issued' | 'credential.revoked') =>
      recordsOf(console, action)
        .map(({ record }) => record.target.id)
        .sort();
    expect(ids('credential.issued').length).toBeGreaterThan(0);
    expect(ids('credential.revoked')).toEqual(ids('credential.issued'));
    // the sessions of the program that ended were not left to run out: the next start has the cloud refuse them
    const ends = recordsOf(console, 'credential.revoked').map(({ data }) => data);
    expect(ends.at(-1)).toMatchObject({ reason: 'program-ended' });
    const late = ends.filter(({ reason }) => reason === 'program-ended');
    expect(late.map(({ cloud }) => cloud)).toEqual(late.map(() => 'revoked'));
    expect(recordsOf(console, 'investigation.failed').map(({ data }) => data.code)).toEqual(['interrupted']);
    expect(await console.verifyStore()).toMatchObject({ verdict: { verdict: 'valid' } });
    const { id } = await console.startInvestigation('inc-0001');
    expect((await console.settled(id)).hypotheses[0]?.service).toBe('checkout');
  } finally {
    await console.close();
    await rm(folder, { recursive: true, force: true });
  }
}, 40_000);
