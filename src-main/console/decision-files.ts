import { CausewayError } from '#shared/errors.ts';
import { MAX_ANSWER_FILE } from '../approvals/by-file/answer-file.ts';
import { createDecisionFiles, type DecisionFiles as Files } from '../approvals/by-file/decision-files.ts';
import { MAX_DEVICE_FILE, readDeviceFile } from '../approvals/by-file/device-file.ts';
import { MAX_REQUEST_FILE } from '../approvals/by-file/request-file.ts';
import type { RequestStore } from '../approvals/protections/request-store.ts';
import type { DecisionFiles } from '../console.ts';
import type { Principal } from '../identity/principal.ts';
import { readSmallFile } from '../platform/atomic-file.ts';
import { wallClock } from '../platform/clock.ts';
import { systemRandom } from '../platform/random.ts';
import type { ClosingGate } from './closing-gate.ts';
import { decideOn } from './decide.ts';
import type { Parts } from './parts.ts';
import { saveFile } from './save-file.ts';

/** Decisions that travel as files, for each person: what is read and written on this disk. */
export function createFileDesk(parts: Parts, gate: ClosingGate, kept: RequestStore): (by: Principal) => DecisionFiles {
  const { config, rooms, audit, identity, book, approvals } = parts;
  const { store } = rooms;
  const random = config.random ?? systemRandom;
  const files: Files = createDecisionFiles({
    tenant: config.tenant,
    audit: {
      append: audit.append,
      chain: store.chain,
      decisionsAfter: (hash) => store.decisionsAfter(hash),
      get: (seq) => store.get(seq),
      getVerified: (hash) => store.getVerified(hash),
      keys: () => store.keys(),
    },
    store: kept,
    secrets: config.secrets,
    clock: config.clock ?? wallClock,
    random,
    device: config.device,
    registered: (keyId) => identity.deviceKey(keyId),
    people: {
      nameOf: (id) => identity.nameOf(id),
      reauthenticate: (by, proof) => identity.reauthenticate(by, proof),
    },
  });

  return (by) => ({
    saveRequest: (file, { remediation, planDigest }) =>
      gate.run(async () => {
        const proposal = book.read(remediation);
        if (proposal.remediation.planDigest !== planDigest) {
          const text = `The plan that was shown is not the plan of ${remediation}. Open it again; nothing was written.`;
          throw new CausewayError('conflict', text, { reason: 'plan-digest' });
        }
        const { bytes } = await files.saveRequest(by, proposal);
        await saveFile(file, bytes, random);
      }),
    takeAnswer: (file) =>
      gate.run(async () => {
        const bytes = await read(file, MAX_ANSWER_FILE);
        return files.takeAnswer(by, bytes, (answer) =>
          decideOn(parts, gate, answer, () => approvals.decideByFile(answer)),
        );
      }),
    openRequest: async (file) => files.openRequest(await read(file, MAX_REQUEST_FILE)),
    answerRequest: (file, { reauthentication, ...answer }) =>
      gate.run(async () => {
        await saveFile(file, await files.answerRequest(by, { ...answer, proof: reauthentication }), random);
      }),
    exportDevice: (file) =>
      gate.run(async () => {
        const bytes = await files.exportDevice(by);
        await saveFile(file, bytes, random);
        return { keyId: readDeviceFile(bytes).keyId };
      }),
    lookAtDevice: async (file) => {
      const { keyId, label, person } = readDeviceFile(await read(file, MAX_DEVICE_FILE));
      return { keyId, label, person };
    },
    registerDevice: (file, person, compared) =>
      gate.run(async () => {
        const { keyId, label, spki } = readDeviceFile(await read(file, MAX_DEVICE_FILE));
        if (compared !== undefined && compared !== keyId) {
          const text = `The file holds the key ${keyId} now, not the one that was compared. Nothing was registered.`;
          throw new CausewayError('conflict', text, { reason: 'device-key-differs' });
        }
        return identity.registerDevice(by, { person, label, spki });
      }),
  });
}

async function read(file: string, most: number): Promise<Uint8Array> {
  try {
    return await readSmallFile(file, most);
  } catch (cause) {
    const why = cause instanceof Error && !('code' in cause) ? `: ${cause.message}` : '';
    throw new CausewayError('bad-input', `The file ${file} cannot be read${why}. Nothing was done.`, { cause });
  }
}
