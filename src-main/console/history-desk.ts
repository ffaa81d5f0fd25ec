import type { ProtectionOutcome } from '#shared/ipc/protection-views.ts';
import type { SelfTest, Standing, WitnessFolder } from '#shared/ipc/verification-views.ts';
import type { Reauthentication } from '#shared/model/access.ts';
import type { Acknowledgement } from '../audit/history/acknowledge.ts';
import type { AuditStore } from '../audit/store.ts';
import type { Principal } from '../identity/principal.ts';
import { namedBy } from './named-by.ts';

/** How the own history stands, and what a person does about it, as the window and the terminal ask for it. */
export interface HistoryDesk {
  standing(): Standing;
  /**
   * Asks for what contradicts the history to be taken note of; another person has to agree (`protections`).
   * `breaks`: ids of those the person was shown; with another one open, or found since, nothing is acknowledged.
   * @throws CausewayError `conflict` (`no-break`, `history-changed`), `audit-broken` (`history-lost`), `bad-input`
   */
  acknowledge(justification: string, proof: Reauthentication, breaks?: readonly string[]): Promise<ProtectionOutcome>;
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
  /** What waits until something may be written: the work of the last start that was not brought to its end. */
  readonly recover: () => Promise<void>;
  readonly changed: () => void;
}

/** What the workspace itself does with its history, for whoever it is done for. */
export interface HistoryKeeper extends Pick<HistoryDesk, 'standing' | 'selfTest' | 'folders'> {
  /** Attacks a copy of the store, puts the result on record where that is possible, and keeps it for the window. */
  runSelfTest(): Promise<void>;
  /** Takes note of the breaks, on record; then what waited for it is done. */
  acknowledge(request: Acknowledgement): Promise<Standing>;
  addFolder(by: Principal, path: string): Promise<readonly WitnessFolder[]>;
  removeFolder(by: Principal, path: string): Promise<readonly WitnessFolder[]>;
}

export function createHistoryKeeper(parts: HistoryDeskParts): HistoryKeeper {
  const { store, recover, changed } = parts;
  let selfTest: SelfTest | null = null;
  const runSelfTest = async () => {
    selfTest = await store.selfAttack();
  };
  return {
    runSelfTest,
    standing: () => store.standing(),
    selfTest: () => selfTest,
    acknowledge: async (request) => {
      try {
        await store.acknowledgeBreak(request);
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
    addFolder: async (by, path) => {
      await store.addWitnessFolder(path, namedBy(by));
      changed();
      return store.witnessFolders();
    },
    removeFolder: async (by, path) => {
      await store.removeWitnessFolder(path, namedBy(by));
      changed();
      return store.witnessFolders();
    },
  };
}
