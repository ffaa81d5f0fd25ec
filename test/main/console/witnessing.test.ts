import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { FileDialogs } from '#main/shell/file-dialogs.ts';
import { createWitnessHandlers } from '#main/shell/witness-handlers.ts';
import { CONTRACT } from '#shared/ipc/contract.ts';
import { openScene, type Scene } from './scene.ts';

const scenes: Scene[] = [];
afterEach(async () => {
  for (const scene of scenes.splice(0)) await scene.close();
});

async function open(): Promise<Scene> {
  const scene = await openScene({ config: { sandboxFolders: [] } });
  scenes.push(scene);
  return scene;
}

/** The handlers of a console whose dialogs are answered with these files. */
function handlersOf(scene: Scene, files: Record<string, string | null>) {
  const asked: string[] = [];
  const answer = (name: string) => async () => {
    asked.push(name);
    return files[name] ?? null;
  };
  const dialogs = Object.fromEntries(
    ['chooseWitnessRequest', 'chooseWitnessAnswer', 'saveWitnessRequest', 'saveWitnessAnswer'].map((name) => [
      name,
      answer(name),
    ]),
  ) as unknown as FileDialogs;
  const { caller } = scene.console;
  return { asked, caller, handlers: createWitnessHandlers(dialogs, () => '2026-03-01') };
}

describe('witnesses from the window', () => {
  it('two consoles exchange files, and each asks once for trust', async () => {
    const [home, other] = [await open(), await open()];
    const request = join(home.folder, 'a.witness-request');
    const answer = join(other.folder, 'a.cosignature');
    const mine = handlersOf(home, { saveWitnessRequest: request, chooseWitnessAnswer: answer });
    const theirs = handlersOf(other, { chooseWitnessRequest: request, saveWitnessAnswer: answer });

    const made = await mine.handlers['witness.request']({}, mine.caller);
    expect(made).toEqual({
      cancelled: false,
      value: { file: request, size: home.console.chainStatus().records, old: 0 },
    });

    const first = await theirs.handlers['witness.cosign']({}, theirs.caller);
    const { keyId, records } = home.console.chainStatus();
    expect(first).toMatchObject({
      value: { needsTrust: { chain: home.console.info().chain, tenant: 'local', keyId, size: records } },
    });
    expect(theirs.asked).toEqual(['chooseWitnessRequest']);
    const second = await theirs.handlers['witness.cosign']({ trust: keyId }, theirs.caller);
    const { vkey } = await theirs.handlers['witness.key']({}, theirs.caller);
    expect(second).toMatchObject({ cancelled: false, value: { needsTrust: null, file: answer, vkey } });
    expect(theirs.asked).toEqual(['chooseWitnessRequest', 'saveWitnessAnswer']);
    expect(CONTRACT['witness.cosign'].output.parse(first)).toEqual(first);
    expect(CONTRACT['witness.cosign'].output.parse(second)).toEqual(second);

    const asked = await mine.handlers['witness.add']({}, mine.caller);
    expect(asked).toMatchObject({ value: { needsTrust: { vkey } } });
    const added = await mine.handlers['witness.add']({ trust: vkey }, mine.caller);
    expect(added).toMatchObject({ value: { needsTrust: null, cosignatures: [{ state: 'verified' }] } });
    expect(CONTRACT['witness.add'].output.parse(asked)).toEqual(asked);
    expect(CONTRACT['witness.add'].output.parse(added)).toEqual(added);

    const witnesses = await mine.handlers['verification.witnesses']({}, mine.caller);
    expect(CONTRACT['verification.witnesses'].output.parse(witnesses)).toMatchObject([{ vkey, lastSize: records }]);
    const checkpoints = await mine.handlers['verification.checkpoints']({ limit: 200 }, mine.caller);
    expect(CONTRACT['verification.checkpoints'].output.parse(checkpoints)).toEqual(checkpoints);
    expect(checkpoints.find(({ size }) => size === records)).toMatchObject({
      keyId,
      cosignatures: [{ state: 'verified' }],
    });
    expect(await mine.handlers['verification.checkpoints']({ before: 1, limit: 5 }, mine.caller)).toEqual([]);
    const name = witnesses[0]?.name ?? '';
    await mine.handlers['witness.remove']({ name }, mine.caller);
    expect(await mine.handlers['verification.witnesses']({}, mine.caller)).toEqual([]);
  });

  it('a dialog that is cancelled changes nothing, and trust needs a file that was chosen', async () => {
    const [home, other] = [await open(), await open()];
    const request = join(home.folder, 'a.witness-request');
    await home.console.witnessing.request(request, {});
    const nothing = handlersOf(other, {});
    for (const channel of ['witness.request', 'witness.cosign', 'witness.add'] as const) {
      expect(await nothing.handlers[channel]({}, nothing.caller)).toEqual({ cancelled: true });
    }
    await expect(nothing.handlers['witness.cosign']({ trust: 'x' }, nothing.caller)).rejects.toMatchObject({
      reason: 'no-file',
    });
    await expect(nothing.handlers['witness.add']({ trust: 'x' }, nothing.caller)).rejects.toMatchObject({
      reason: 'no-file',
    });
    const chosen = handlersOf(other, { chooseWitnessRequest: request });
    await chosen.handlers['witness.cosign']({}, chosen.caller);
    const { keyId } = home.console.chainStatus();
    expect(await chosen.handlers['witness.cosign']({ trust: keyId }, chosen.caller)).toEqual({ cancelled: true });
    expect(await other.console.witnessing.look(request)).not.toBeNull(); // nothing was remembered
  });

  it('what cannot be read or written is said, and nothing is left over', async () => {
    const scene = await open();
    const { witnessing } = scene.console;
    const folder = join(scene.folder, 'a-folder');
    await mkdir(folder);
    const binary = join(scene.folder, 'binary');
    await writeFile(binary, Buffer.from([0xff, 0xfe, 0xfd]));
    for (const file of [folder, binary, join(scene.folder, 'missing')]) {
      await expect(witnessing.look(file)).rejects.toMatchObject({ code: 'bad-input' });
      await expect(witnessing.add(file, undefined)).rejects.toMatchObject({ code: 'bad-input' });
    }
    await expect(witnessing.request(join(folder, 'missing', 'x'), {})).rejects.toMatchObject({ code: 'read-only' });
  });
});
