import { CausewayError } from '#shared/errors.ts';
import type { SelfTest, Standing, WitnessFolder } from '#shared/ipc/verification-views.ts';
import type { Actor } from '#shared/model/audit-record.ts';
import { seal } from '../audit/seal.ts';
import type { AuditStore } from '../audit/store.ts';

/** As long as the reason for an approval has to be at least. */
const SHORTEST = 10;
const LONGEST = 2000;

/** How the own history stands, and what a person does about it, as the window and the terminal ask for it. */
export interface HistoryDesk {
  standing(): Standing;
  /**
   * Takes note of what contradicts the history, on record; then what waited for it is done.
   * `breaks`: ids of those the person was shown; with another one open, or found since, nothing is acknowledged.
   * @throws CausewayError `conflict` (`no-break`, `history-changed`), `audit-broken` (`history-lost`), `bad-input`
   */
  acknowledge(justification: string, breaks?: readonly string[]): Promise<Standing>;
  /** What the store's last attack on a copy of itself came to; null when there has been none. */
  selfTest(): SelfTest | null;
  folders(): readonly WitnessFolder[];
  /** @throws CausewayError `bad-input` when it cannot be reached, or is inside the workspace */
  addFolder(path: string): Promise<readonly WitnessFolder[]>;
  removeFolder(path: string): Promise<readonly WitnessFolder[]>;
}

export interface HistoryDeskParts {
  readonly store: Pick<
    AuditStore,
    'standing' | 'acknowledgeBreak' | 'selfAttack' | 'witnessFolders' | 'addWitnessFolder' | 'removeWitnessFolder'
  >;
  readonly actor: Actor;
  readonly user: { readonly id: string; readonly name: string };
  readonly device: { readonly id: string };
  /** What waits until something may be written: the work of the last start that was not brought to its end. */
  readonly recover: () => Promise<void>;
  readonly changed: () => void;
}

/** The desk with what only the console itself may do. */
export interface HistoryDeskKeeper extends HistoryDesk {
  /** Attacks a copy of the store, puts the result on record where that is possible, and keeps it for the window. */
  runSelfTest(): Promise<void>;
}

export function createHistoryDesk(parts: HistoryDeskParts): HistoryDeskKeeper {
  const { store, actor, user, device, recover, changed } = parts;
  const by = () => ({ actor: { ...actor, name: seal(user.id, user.name) }, device: { id: device.id } });
  let selfTest: SelfTest | null = null;
  const runSelfTest = async () => {
    selfTest = await store.selfAttack();
  };
  return {
    runSelfTest,
    standing: () => store.standing(),
    selfTest: () => selfTest,
    acknowledge: async (justification, breaks) => {
      const reason = justification.trim();
      if (reason.length < SHORTEST || reason.length > LONGEST) {
        const text = `Say in ${SHORTEST} to ${LONGEST} characters why the trail goes on although its history is broken.`;
        throw new CausewayError('bad-input', text, { reason: 'justification' });
      }
      try {
        await store.acknowledgeBreak({ ...by(), justification: seal(user.id, reason), breaks });
      } catch (error) {
        changed(); // what was found instead is to be shown
        throw error;
      }
      // the guards were put back: the attacks are tried on them anew, before anything else is written
      await runSelfTest();
      changed();
      await recover();
      return store.standing();
    },
    folders: () => store.witnessFolders(),
    addFolder: async (path) => {
      await store.addWitnessFolder(path, by());
      changed();
      return store.witnessFolders();
    },
    removeFolder: async (path) => {
      await store.removeWitnessFolder(path, by());
      changed();
      return store.witnessFolders();
    },
  };
}
