import type { HistoryKeeper } from '../../history-desk.ts';
import type { Parts } from '../../parts.ts';
import { type Found, fails, holds, partial } from './found.ts';

const DAY = 86_400_000;

/** The attacks the store made on a copy of itself. */
export async function checkAppendOnly(
  history: Pick<HistoryKeeper, 'selfTest' | 'standing'>,
  now: number,
): Promise<Found> {
  const test = history.selfTest();
  const { state } = history.standing();
  const looked = {
    standing: state,
    at: test?.at ?? null,
    attacks: test?.attacks.map(({ id, held }) => ({ id, held })) ?? [],
  };
  if (state === 'blocked')
    return fails('The history contradicts what is kept elsewhere, and waits to be acknowledged.', looked);
  if (test === null) return partial('The store has not attacked a copy of itself yet.', looked);
  if (now - Date.parse(test.at) > 8 * DAY) {
    return partial(
      `The store last attacked a copy of itself at ${test.at}; it does so when the program starts.`,
      looked,
    );
  }
  const lost = test.attacks.filter(({ held }) => !held).map(({ id }) => id);
  if (lost.length > 0) return fails(`Attacks that were not held: ${lost.join(', ')}.`, looked);
  return holds(
    `${test.attacks.length} ways to change, delete or reorder records were tried on a copy; none succeeded.`,
    looked,
  );
}

export async function checkSigningKey({ rooms, config }: Parts): Promise<Found> {
  const keys = rooms.store.keys();
  const looked = {
    keys: keys.map(({ id, alg, fromSeq, toSeq, where }) => ({ id, alg, fromSeq, toSeq, where })),
    durable: config.secrets.durable,
  };
  if (!config.secrets.durable)
    return partial('The keychain here lasts only as long as the program: a demonstration.', looked);
  return holds(
    `${keys.length === 1 ? 'One key has' : `${keys.length} keys have`} signed the trail; the one in use is in ${rooms.store.signerDescription}.`,
    looked,
  );
}

/** How much was read again by itself, and when. */
export async function checkContinuous({ continuous }: Parts, now: number): Promise<Found> {
  const { records, valid, invalid, oldest, problemCount } = continuous.coverage();
  const looked = { records, valid, invalid, oldest, problemCount };
  if (invalid > 0 || problemCount > 0)
    return fails(`${problemCount} problems were found in ${invalid} records.`, looked);
  if (valid < records * 0.99) return partial(`${valid} of ${records} records were checked so far.`, looked);
  if (oldest !== null && now - Date.parse(oldest) > 8 * DAY)
    return partial(`Some records were last checked at ${oldest}.`, looked);
  return holds(`${valid} of ${records} records were read again and checked in the background.`, looked);
}

/** Who else knows how long the chain is. */
export async function checkWitnesses({ rooms }: Parts): Promise<Found> {
  const folders = rooms.store.witnessFolders();
  const witnesses = rooms.store.witnesses.list();
  const looked = { folders: folders.map(({ state, size }) => ({ state, size })), witnesses: witnesses.length };
  if (folders.some(({ state }) => state === 'contradicts'))
    return fails('A folder elsewhere has another history.', looked);
  const seen = folders.filter(({ state }) => state === 'current' || state === 'behind').length + witnesses.length;
  if (seen === 0)
    return partial('Checkpoints are kept in the keychain only: no folder elsewhere and no witness has them.', looked);
  return holds(`Checkpoints are kept in the keychain and in ${seen} places besides.`, looked);
}

/** The newest exports, read from the trail. */
export async function checkExports({ rooms: { store } }: Parts): Promise<Found> {
  const { rows } = store.page({ action: 'tenant.audit_exported', outcome: 'success', limit: 50 });
  const files = rows.flatMap(({ seq }) => {
    const data = store.get(seq)?.record.data;
    return data === undefined ? [] : [{ seq, format: String(data.format), digest: data.digest ?? null }];
  });
  const finished = files.filter(({ digest }) => digest !== null);
  const looked = { exports: files };
  if (files.length === 0) return partial('Nothing was exported yet, so there is nothing to look at.', looked);
  if (finished.length === 0) return fails('Exports are on record without the digest of what was given out.', looked);
  return holds(
    `Of the newest ${files.length} records of exports ${finished.length} name the digest of a finished file.`,
    looked,
  );
}
