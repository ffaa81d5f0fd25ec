import { createCarryOut } from '../approvals/protections/carry-out.ts';
import { createProtections, type Protections } from '../approvals/protections/protections.ts';
import { openRequestStore, type RequestStore } from '../approvals/protections/request-store.ts';
import { wallClock } from '../platform/clock.ts';
import { systemRandom } from '../platform/random.ts';
import type { HistoryKeeper } from './history-desk.ts';
import type { Parts } from './parts.ts';
import { mayNow } from './people.ts';
import type { KeyKeeper } from './signing-keys.ts';

export interface ProtectionRoom {
  readonly protections: Protections;
  /** Where requests and what was said to them are kept. */
  readonly kept: RequestStore;
}

/**
 * One person decides alone only when there was no second one for so long, milliseconds: whoever removes, demotes or
 * declares an alias of the second one waits that long, and it is on record all the while.
 */
const ALONE_AFTER = 72 * 3_600_000;

/** How often it is looked for requests whose time has passed, milliseconds. */
const EXPIRY_CHECK_EVERY = 60_000;

/**
 * Changes of what protects the trail, which two people make. Opened with what waits; closed with the rooms.
 * @throws CausewayError `keychain-unavailable`, and as opening a database
 */
export async function openProtectionRoom(
  { config, rooms, audit, identity, permissions, policies, events, guard }: Parts,
  { history, keys }: { readonly history: HistoryKeeper; readonly keys: KeyKeeper },
): Promise<ProtectionRoom> {
  const { store, log, folder } = rooms;
  const { tenant, secrets } = config;
  const kept = await openRequestStore({ folder, tenant, secrets });
  rooms.closeFirst(() => kept.close());
  const protections = createProtections({
    tenant,
    guard,
    audit: {
      append: audit.append,
      get: (seq) => store.get(seq),
      getVerified: (hash) => store.getVerified(hash),
      head: () => store.head(),
      refusal: () => store.refusal(),
      standing: () => store.standing(),
      chain: store.chain,
      get keyId() {
        return store.keyId;
      },
    },
    store: kept,
    clock: config.clock ?? wallClock,
    random: config.random ?? systemRandom,
    people: {
      alone: () => identity.alone('protections.decide', ALONE_AFTER),
      mayNow: (id, permission) => mayNow(identity, permissions, id, permission),
      humanBehind: (id) => identity.humanBehind(id),
      accountsOf: (human) => identity.people().flatMap(({ id }) => (identity.humanBehind(id) === human ? id : [])),
      nameOf: (id) => identity.nameOf(id),
      reauthenticate: (by, proof) => identity.reauthenticate(by, proof),
    },
    policies: { version: () => policies.engine().version, preview: (text) => policies.prepare(text) },
    apply: createCarryOut({
      rotate: (request) => keys.rotate(request),
      acknowledge: (request) => history.acknowledge(request),
      adopt: (text, approvedBy) => policies.adopt(text, approvedBy),
    }),
    onWarning: (err, what) => log.warn({ err }, what),
    onChange: () => events.emit({ type: 'protections' }),
  });
  const expiry = setInterval(() => {
    if (store.refusal() !== null) return;
    protections.expireDue().catch((err: unknown) => log.warn({ err }, 'requests whose time has passed stay listed'));
  }, EXPIRY_CHECK_EVERY).unref();
  rooms.closeFirst(() => clearInterval(expiry));
  return { protections, kept };
}
