import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { verifyChainFile } from '#main/audit/verify-file.ts';
import type { By } from '#main/audit/witness/cosigner.ts';
import {
  noteInput,
  openTestStore,
  removeFolder,
  roleInput,
  TEST_GENERATOR,
  type TestStore,
} from '../../../support/audit-store.ts';
import { ForgedChain } from '../../../support/forge-chain.ts';

const BY: By = { actor: { type: 'user', id: 'u-1' } };
const OPTIONS = { disclose: true, generator: TEST_GENERATOR };
const opened: TestStore[] = [];
afterEach(async () => {
  for (const { store, folder } of opened.splice(0)) {
    await store.close();
    removeFolder(folder);
  }
});

async function open(): Promise<TestStore> {
  const test = await openTestStore();
  opened.push(test);
  return test;
}

/** A chain of nine records cosigned at eight, and the vkey of its witness. */
async function cosignedChain() {
  const [home, witness] = [await open(), await open()];
  for (let index = 0; index < 6; index++) await home.store.append(roleInput(`u${index}`));
  await home.store.append(noteInput('INC-1', 'a note'));
  const { text } = await home.store.witnesses.request({});
  const made = await witness.store.cosigner.cosign(text, home.store.keyId, BY);
  if (made.needsTrust !== null) throw new Error('it needs trust');
  await home.store.witnesses.add(made.answer, made.vkey, BY);
  return { home, witness, vkey: made.vkey, name: `causeway-witness/${witness.store.chain}` };
}

describe('an export of what was cosigned', () => {
  it('is complete up to that checkpoint, and verifies with the key of the witness', async () => {
    const { home, witness, vkey, name } = await cosignedChain();
    const file = join(home.folder, 'a.chain.jsonl');
    const made = await home.store.export(file, { format: 'chain', cosigned: true }, OPTIONS);
    expect(made).toMatchObject({ first: 1, last: 8, records: 8 });
    const verdict = await verifyChainFile(file, { witnesses: [vkey], key: home.store.keyId });
    expect(verdict.problems).toEqual([]);
    const [, keyId] = vkey.split('+');
    expect(verdict.witnesses).toEqual([{ name, keyId, time: '2026-03-01T12:00:00.000Z', state: 'verified' }]);
    expect(verdict.notProven.join(' ')).toMatch(/independent of whoever wrote the chain/);
    // without the key the file is as valid, and nobody is named as known
    const unknown = await verifyChainFile(file);
    expect(unknown).toMatchObject({ verdict: 'valid', witnesses: [{ name, state: 'unknown-key' }] });
    expect(unknown.notProven.join(' ')).toMatch(/Who made the cosignatures/);
    // a witness that did not sign
    const other = (await home.store.cosigner.key()).vkey;
    expect(await verifyChainFile(file, { witnesses: [vkey, other] })).toMatchObject({
      verdict: 'invalid',
      problems: [
        { code: 'checkpoint', message: expect.stringMatching(/^there is no cosignature of causeway-witness/) },
      ],
    });
    expect(witness.store.head().seq).toBe(2);
  });

  it('is refused while nothing was cosigned', async () => {
    const home = await open();
    await expect(
      home.store.export(join(home.folder, 'a.chain.jsonl'), { format: 'chain', cosigned: true }, OPTIONS),
    ).rejects.toMatchObject({ code: 'not-found', reason: 'not-cosigned' });
  });

  it('goes with a range whose checkpoint was cosigned', async () => {
    const { home, vkey } = await cosignedChain();
    // asked again for the newest size, so that the range's own checkpoint is the cosigned one
    const { text } = await home.store.witnesses.request({});
    const answer = opened[1];
    const made = await answer?.store.cosigner.cosign(text, undefined, BY);
    if (made === undefined || made.needsTrust !== null) throw new Error('not cosigned');
    await home.store.witnesses.add(made.answer, undefined, BY);
    const file = join(home.folder, 'a.chain.jsonl');
    await home.store.export(file, { format: 'range', first: 3, last: 5 }, OPTIONS);
    const verdict = await verifyChainFile(file, { witnesses: [vkey] });
    expect(verdict).toMatchObject({ verdict: 'valid', selection: 'range', witnesses: [{ state: 'verified' }] });
  });

  it('that was tampered with says so', async () => {
    const { home, vkey } = await cosignedChain();
    const file = join(home.folder, 'a.chain.jsonl');
    await home.store.export(file, { format: 'chain', cosigned: true }, OPTIONS);
    const { readFileSync } = await import('node:fs');
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    const { end } = JSON.parse(lines.at(-1) ?? '') as { end: { checkpoint: string } };
    const [first, cosignature = ''] = end.checkpoint.split(/(?=— causeway-witness)/);
    const bytes = Buffer.from(cosignature.trim().split(' ').at(-1) ?? '', 'base64');
    const write = (checkpoint: string) => {
      writeFileSync(file, `${[...lines.slice(0, -1), JSON.stringify({ end: { ...end, checkpoint } })].join('\n')}\n`);
      return verifyChainFile(file, { witnesses: [vkey] });
    };
    const withBytes = (changed: Buffer) =>
      write(`${first}${cosignature.replace(/\S+\n$/, `${changed.toString('base64')}\n`)}`);
    // taken off
    expect((await write(first ?? '')).problems).toMatchObject([{ code: 'checkpoint' }]);
    // another time, another signature, too short
    for (const at of [11, 20]) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      const verdict = await withBytes(changed);
      expect(verdict.problems).toMatchObject([{ code: 'checkpoint', message: expect.stringMatching(/is wrong$/) }]);
      expect(verdict.witnesses).toEqual([]);
    }
    expect((await withBytes(bytes.subarray(0, 70))).problems).toMatchObject([{ code: 'checkpoint' }]);
    // under another key id it is of nobody known, and the one asked for is missing
    const renamed = Buffer.from(bytes);
    renamed[0] = (renamed[0] ?? 0) ^ 1;
    const verdict = await withBytes(renamed);
    expect(verdict.problems).toMatchObject([{ message: expect.stringMatching(/^there is no cosignature/) }]);
    expect(verdict.witnesses).toMatchObject([{ state: 'unknown-key' }]);
  });
});

it('a vkey that is none is refused before anything is read', async () => {
  const chain = new ForgedChain(2);
  const test = await open();
  const file = chain.write(join(test.folder, 'b.chain.jsonl'));
  await expect(verifyChainFile(file, { witnesses: ['x+y+z'] })).rejects.toThrow();
  expect((await verifyChainFile(file)).witnesses).toEqual([]);
});
