import { CausewayError } from '#shared/errors.ts';
import type { FileDialogs } from './file-dialogs.ts';
import type { Handlers } from './ipc-handlers.ts';

type WitnessHandlers = Pick<
  Handlers,
  | 'verification.checkpoints'
  | 'verification.witnesses'
  | 'witness.key'
  | 'witness.request'
  | 'witness.cosign'
  | 'witness.add'
  | 'witness.remove'
>;

/**
 * Witnesses by file. What a person has to trust is asked for in a first call; the second one names the key. The page
 * never names a path: the file stays here between the two, and what it says is compared with that key again.
 */
export function createWitnessHandlers(dialogs: FileDialogs, today: () => string): WitnessHandlers {
  let request: string | null = null;
  let answer: string | null = null;
  return {
    'verification.checkpoints': (page, { console }) => console.witnessing.checkpoints(page),
    'verification.witnesses': (_input, { console }) => console.witnessing.witnesses(),
    'witness.key': async (_input, { console }) => ({ vkey: await console.witnessing.ownKey() }),
    'witness.request': async (options, caller) => {
      const file = await dialogs.saveWitnessRequest(`${caller.workspace.tenant}-${today()}.witness-request`);
      if (file === null) return { cancelled: true };
      const { witnessing } = (await caller.again()).console;
      return { cancelled: false, value: await witnessing.request(file, options) };
    },
    'witness.cosign': async ({ trust }, caller) => {
      const chosen = trust === undefined ? await dialogs.chooseWitnessRequest() : demand(request);
      request = null;
      if (chosen === null) return { cancelled: true };
      const { witnessing } = (await caller.again()).console;
      // looked at before a place is asked for: what is refused needs none
      const needsTrust = await witnessing.look(chosen);
      if (needsTrust !== null && trust === undefined) {
        request = chosen;
        return { cancelled: false, value: { needsTrust } };
      }
      const file = await dialogs.saveWitnessAnswer(`${today()}.cosignature`);
      if (file === null) return { cancelled: true };
      const now = (await caller.again()).console.witnessing;
      return { cancelled: false, value: await now.cosign(chosen, file, trust) };
    },
    'witness.add': async ({ trust }, caller) => {
      const chosen = trust === undefined ? await dialogs.chooseWitnessAnswer() : demand(answer);
      answer = null;
      if (chosen === null) return { cancelled: true };
      const { witnessing } = (await caller.again()).console;
      const value = await witnessing.add(chosen, trust);
      if (value.needsTrust !== null) answer = chosen;
      return { cancelled: false, value };
    },
    'witness.remove': async ({ name }, { console }) => {
      await console.witnessing.remove(name);
      return {};
    },
  };
}

/** The file of the first call. */
function demand(file: string | null): string {
  if (file !== null) return file;
  throw new CausewayError('conflict', 'Choose the file again, and compare the key it shows.', { reason: 'no-file' });
}
