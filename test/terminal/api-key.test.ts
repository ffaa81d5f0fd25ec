import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canBringKeychain } from '#main/cli/private-keychain.ts';
import { NewApiKey } from '#shared/ipc/access-views.ts';
import { PROJECT_ROOT } from '../support/project-root.ts';
import { makeWorkspace, OWNER, recordsOf, startQuickTerminal, type Terminal } from '../support/terminal.ts';

const ALARM = path.join(PROJECT_ROOT, 'resources/alarms/eventbridge.json');

describe.skipIf(!canBringKeychain())('an API key', { timeout: 240_000 }, () => {
  let terminal: Terminal;
  let env: Readonly<Record<string, string>>;
  beforeAll(async () => {
    terminal = await startQuickTerminal();
    await makeWorkspace(terminal);
    const scopes = 'incidents.read,incidents.import,investigations.run,approvals.decide,secrets.manage,trail.read';
    const wanted = ['api-key', 'create', '--label', 'Night shift', '--scope', scopes, '--days', '7', '--json'];
    const { out } = await terminal.done(wanted, { lines: [OWNER.password] });
    env = { CAUSEWAY_API_KEY: NewApiKey.parse(JSON.parse(out)).key };
    await terminal.done(['sign-out']);
  }, 120_000);
  afterAll(() => terminal.stop());

  test('investigates when it was made for that, and never decides; what it may not is on record', async () => {
    const { run, done } = terminal;
    expect(await run(['incident', 'list'])).toMatchObject({ status: 1, err: expect.stringContaining('sign-in') });
    await done(['incident', 'import', ALARM], { env });
    await done(['investigate', 'inc-0001'], { env });

    const lines = ['approve', 'Errors began with this revision.', OWNER.password];
    const approve = await run(['approve', 'rem-0001'], { env, lines });
    expect(approve).toMatchObject({ status: 1, err: expect.stringContaining('[denied]') });
    expect(approve.err).not.toMatch(/Type|password: /);
    const outOfScope = await run(['export', '--out', terminal.file('a.chain.jsonl')], { env });
    expect(outOfScope).toMatchObject({ status: 1, err: expect.stringContaining('[denied]') });

    // the owner of the key asked for it by it, so the owner does not approve it either
    await done(['sign-in', '--email', OWNER.email], { lines: [OWNER.password] });
    const owner = await run(['approve', 'rem-0001'], { lines });
    expect(owner).toMatchObject({ status: 1, err: expect.stringContaining('You asked for this') });

    const denied = (await recordsOf(terminal)).filter(({ action }) => action === 'auth.access_denied');
    expect(denied.map(({ actor, data }) => [actor.type, data.permission, data.reason])).toEqual([
      ['api_key', 'approvals.decide', 'person'],
      ['api_key', 'trail.export', 'scope'],
    ]);
  });

  test('a secret is stored from the pipe, is nowhere to be read, and goes', async () => {
    const { done, run } = terminal;
    const value = 'line one of a made-up secret\nline two';
    const set = await done(['secret', 'set', 'pagerduty', 'Routing key', '--json'], { env, lines: [value] });
    const { id } = JSON.parse(set.out) as { readonly id: string };
    expect(set.out + set.err).not.toContain('made-up');
    await done(['secret', 'rotate'], { env });
    expect((await done(['secret', 'list'])).out).toContain(`${id}  pagerduty  Routing key, version 1`);
    await done(['secret', 'delete', id], { env });
    expect((await done(['secret', 'list'])).out).toContain('No secrets');
    const empty = await run(['secret', 'set', 'pagerduty', 'Routing key'], { env });
    expect(empty).toMatchObject({ status: 1, err: expect.stringContaining('Nothing was stored') });
  });

  test('once revoked it is refused', async () => {
    const { done, run } = terminal;
    const [key] = JSON.parse((await done(['api-key', 'list', '--json'])).out) as { readonly id: string }[];
    await done(['api-key', 'revoke', key?.id ?? '']);
    expect(await run(['incident', 'list'], { env })).toMatchObject({
      status: 1,
      err: expect.stringContaining('[sign-in-required]'),
    });
  });

  test('policies are shown, tried and asked for; alone in a workspace one person is enough', async () => {
    const { done, run } = terminal;
    const shown = JSON.parse((await done(['policy', 'show', '--json'])).out) as {
      readonly text: string;
      readonly version: string;
    };
    expect((await done(['policy', 'show', '--version', shown.version.slice(0, 12)])).out.trim()).toBe(
      shown.text.trim(),
    );
    const [wrong, other] = [terminal.file('wrong.cedar'), terminal.file('other.cedar')];
    writeFileSync(wrong, 'permit everything');
    writeFileSync(other, `${shown.text}\n// looked at and found right\n`);
    expect(await run(['policy', 'preview', wrong])).toMatchObject({ status: 1 });
    const reason = ['--reason', 'Comment after the yearly review.'];
    const refused = await run(['policy', 'propose', wrong, ...reason], { lines: [OWNER.password] });
    expect(refused).toMatchObject({ status: 1, err: '' }); // before a password is typed
    expect((await done(['policy', 'preview', other])).out).toContain('+ // looked at and found right');
    expect((await done(['policy', 'propose', other, ...reason], { lines: [OWNER.password] })).out).toContain('Done');
    expect((await done(['policy', 'show'])).out).toContain('// *   2  ');
  });
});
