import { requireInBundle, writeNotes } from '#main/compliance/bundle/notes.ts';
import { type OpenedBundle, readBundle } from '#main/compliance/bundle/read-bundle.ts';
import { reperform } from '#main/compliance/reports/reperform.ts';
import { ownDeviceKey } from '#main/identity/device-key.ts';
import { wallClock } from '#main/platform/clock.ts';
import { systemRandom } from '#main/platform/random.ts';
import type { SecretStore } from '#main/platform/secret-store.ts';
import { CausewayError } from '#shared/errors.ts';
import type { BundleView } from '#shared/ipc/compliance-views.ts';
import { PRODUCT } from '../product.ts';
import { saveFile } from '../save-file.ts';
import type { AuditorDesk } from './compliance-desk.ts';

/** Reports of a bundle that a sentence names. */
const MOST_NAMED = 16;

export interface AuditorDeskParts {
  /** Has the device's key that notes are signed with; made when it is first needed. */
  readonly secrets: SecretStore;
  readonly device: { readonly id: string; readonly name: string };
  readonly version: string;
}

/** What an auditor does: with files alone, and an account nowhere. */
export function createAuditorDesk({ secrets, device, version }: AuditorDeskParts): AuditorDesk {
  const build = { name: PRODUCT, version };
  let opened: OpenedBundle | null = null;
  const demandOpened = (): OpenedBundle => {
    if (opened !== null) return opened;
    throw new CausewayError('not-found', 'No bundle is open. Open its folder first.', { reason: 'no-bundle' });
  };
  return {
    openBundle: async (folder, watched = {}) => {
      // the one on the screen stays open until this one is read: notes on it can still be saved
      const read = await readBundle(folder, watched);
      opened = read;
      return read.view;
    },
    reperformInBundle: async (file, watched = {}) => {
      const { chain, pathOf, stillHolds, chainFile, view } = demandOpened();
      const report = pathOf(file);
      if (report === null || chain === null) {
        const text = report === null ? whyNoReport(file, view) : notAsNamed('The chain file');
        throw new CausewayError('bad-input', text, { reason: 'bundle-file' });
      }
      // before, for a reason that can be read; after, because the files were open to others all the while
      const requireSame = async (): Promise<void> => {
        if ((await stillHolds(file, watched.signal)) && (await stillHolds(chainFile, watched.signal))) return;
        throw changedSince();
      };
      await requireSame();
      const result = await reperform({ report, chain }, { ...watched, build });
      await requireSame();
      if (view.reports.some((one) => one.file === file && one.digest === result.report.digest)) return result;
      throw changedSince();
    },
    reperform: (files, watched = {}) => reperform(files, { ...watched, build }),
    saveNotes: async (file, { auditor, notes }) => {
      const { view } = demandOpened();
      requireInBundle(notes, view);
      const key = await ownDeviceKey(secrets, device.id);
      const at = new Date(wallClock.now()).toISOString();
      const content = { bundle: view.manifest, chain: view.chain, auditor, at, notes: [...notes] };
      const saved = await saveFile(file, await writeNotes(content, key), systemRandom);
      return { file: saved.file, key: key.keyId };
    },
  };
}

/** A name that was mistyped is no damage. */
function whyNoReport(file: string, { files, reports }: BundleView): string {
  const found = files.find((one) => one.file === file);
  if (found?.state === 'changed' || found?.state === 'missing') return notAsNamed('The report');
  if (reports.length === 0) return 'No report of this bundle was read: what was found when it was opened says why.';
  const names = reports.slice(0, MOST_NAMED).map((one) => one.file);
  const more = reports.length > names.length ? ` and ${reports.length - names.length} more` : '';
  return `The bundle has no report of this name that can be computed again. Name one of these: ${names.join(', ')}${more}.`;
}

function notAsNamed(what: string): string {
  return `${what} is not as the bundle's manifest says, so nothing can be computed again from it. Ask for the folder again.`;
}

function changedSince(): CausewayError {
  const text = 'A file of the bundle was changed since it was opened. Open the folder again to see which one.';
  return new CausewayError('conflict', text, { reason: 'bundle-changed' });
}
