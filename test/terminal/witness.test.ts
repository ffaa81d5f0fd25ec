import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { canBringKeychain } from '#main/cli/private-keychain.ts';
import { makeWorkspace, startQuickTerminal, type Terminal } from '../support/terminal.ts';

const Trust = z.object({ needsTrust: z.object({ keyId: z.string() }) });

describe.skipIf(!canBringKeychain())('causeway witness', { timeout: 240_000 }, () => {
  let home: Terminal;
  let other: Terminal;
  // consoles as two people have them: each its own keychain, its own workspace
  beforeAll(async () => {
    [home, other] = await Promise.all([startQuickTerminal(), startQuickTerminal()]);
    await Promise.all([makeWorkspace(home), makeWorkspace(other)]);
  }, 120_000);
  afterAll(async () => {
    await home.stop();
    await other.stop();
  });

  test('a checkpoint goes to another console and comes back cosigned, and the export says so', async () => {
    const [request, answer, chain] = [
      home.file('a.witness-request'),
      home.file('a.cosignature'),
      home.file('a.chain.jsonl'),
    ];
    expect(await home.run(['witness', 'request', '--out', request])).toMatchObject({ status: 0, err: '' });

    const asked = await other.run(['witness', 'cosign', request, '--out', answer, '--json']);
    expect(asked.status).toBe(1);
    const { keyId } = Trust.parse(JSON.parse(asked.out)).needsTrust;
    expect((await other.run(['witness', 'cosign', request, '--out', answer])).out).toContain(`--trust ${keyId}`);
    const signed = await other.run(['witness', 'cosign', request, '--out', answer, '--trust', keyId]);
    expect(signed, signed.err).toMatchObject({ status: 0 });
    const vkey = (await other.run(['witness', 'key'])).out.trim();

    expect(await home.run(['witness', 'add', answer])).toMatchObject({ status: 1, err: '' });
    const added = await home.run(['witness', 'add', answer, '--trust', vkey]);
    expect(added, added.err).toMatchObject({ status: 0 });
    expect((await home.run(['witness', 'list'])).out).toContain(vkey);

    const exported = await home.run(['export', chain, '--cosigned']);
    expect(exported, exported.err).toMatchObject({ status: 0 });
    const verified = await home.run(['verify', chain, '--witness', vkey, '--key', keyId]);
    expect(verified, verified.out).toMatchObject({ status: 0 });
    expect(verified.out).toMatch(/^witness {3}causeway-witness\/\S+ [0-9a-f]{8} \S+, verified$/m);
    // of a witness that did not sign
    const mine = (await home.run(['witness', 'key'])).out.trim();
    expect(await home.run(['verify', chain, '--witness', mine])).toMatchObject({ status: 1 });
    expect(await home.run(['verify', chain, '--witness', 'nobody'])).toMatchObject({ status: 2 });

    // once more: an old request is refused with the reason
    const replayed = await other.run(['witness', 'cosign', request, '--out', answer]);
    expect(replayed.status).toBe(1);
    expect(replayed.err).toMatch(/Ask it from there \(--from \d+\)\. \[conflict\]/);
  });
});
