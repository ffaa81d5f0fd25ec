import type { SelfTest } from '#shared/ipc/verification-views.ts';
import { prepareInput } from './append-input.ts';
import type { ChainWriter } from './chain-writer.ts';
import { describeFailure, describeUnrecorded } from './self-attack.ts';
import { selfAttackRecord } from './self-attack-record.ts';
import type { StoredRecord } from './store.ts';
import type { StoreParts } from './store-parts.ts';

interface AttackedStore {
  readonly parts: Pick<StoreParts, 'history' | 'random'>;
  readonly writer: ChainWriter;
  /** The newest records of controls, newest first; null for one that cannot be read. */
  readonly controls: () => readonly (StoredRecord | null)[];
}

/** What follows from a self-attack: a record. After one that succeeded, or cannot be recorded, nothing else is written. */
export async function heedSelfAttack({ parts, writer, controls }: AttackedStore, result: SelfTest): Promise<void> {
  const { history, random } = parts;
  const failure = describeFailure(result);
  // a failure stops what waits beside its own record; what an earlier one found stands until this one is known
  history.stop(failure);
  if (history.standing().state === 'blocked') return;
  try {
    const record = prepareInput(selfAttackRecord(result, controls()), random);
    await (failure === null ? writer.append(record) : writer.appendStopped(record));
  } catch (error) {
    // the trail is read all the same; nothing is written whose protection is not on record
    history.stop(failure ?? describeUnrecorded(error));
  }
}
