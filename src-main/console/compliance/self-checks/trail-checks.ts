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

/** How long what was just written may wait to be read. */
const FRESH_MS = 3_600_000;

/** That every record was read again, and when: all but what was written within the last hour. */
export async function checkContinuous({ continuous, rooms }: Parts, now: number): Promise<Found> {
  const { records, invalid, ranges, problemCount } = continuous.coverage();
  const waiting = ranges.filter(({ checkedAt }) => checkedAt === null);
  const checked = ranges.flatMap(({ checkedAt }) => checkedAt ?? []);
  const unread = waiting.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  const [oldest = null] = checked.toSorted();
  const [first] = waiting;
  const since = first === undefined ? null : (rooms.store.get(first.first)?.record.time ?? null);
  const looked = { records, unread, since, invalid, oldest, problemCount };
  if (invalid > 0 || problemCount > 0)
    return fails(`${problemCount} problems were found in ${invalid} records.`, looked);
  if (checked.length === 0) return partial(`None of ${records} records was checked so far.`, looked);
  if (first !== undefined && (since === null || now - Date.parse(since) > FRESH_MS))
    return partial(`${unread} of ${records} records were not checked yet, from record ${first.first} on.`, looked);
  if (oldest !== null && now - Date.parse(oldest) > 8 * DAY)
    return partial(`Some records were last checked at ${oldest}.`, looked);
  const rest = unread === 0 ? '' : `; the other ${unread} were written within the last hour`;
  return holds(
    `${records - unread} of ${records} records were read again and checked in the background${rest}.`,
    looked,
  );
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
