import { CausewayError } from '#shared/errors.ts';
import type { ChainStatus } from '#shared/ipc/views.ts';
import type { AuditAction } from '#shared/model/audit-actions.ts';
import { approvalRules } from '../approvals/approval-rules.ts';
import { type Approvals, createApprovals, type Denials } from '../approvals/approvals.ts';
import type { ProposalBook } from '../approvals/proposal-book.ts';
import type { AuditStore } from '../audit/store.ts';
import { type CredentialBroker, createBroker } from '../credentials/broker.ts';
import type { CloudEnvironment } from '../credentials/environment.ts';
import { vaultCallHooks } from '../credentials/recording-hooks.ts';
import { openVault, type Vault } from '../credentials/vault/vault.ts';
import { awsVaultKms } from '../credentials/vault/vault-kms.ts';
import { type Identity, openIdentity } from '../identity/identity.ts';
import { createInvestigations, type Investigations } from '../investigation/investigations.ts';
import { wallClock } from '../platform/clock.ts';
import { systemRandom } from '../platform/random.ts';
import { tenantKey } from '../platform/tenant-keys.ts';
import { createGuard, type Guard } from '../policy/guard.ts';
import { loadPermissions, type Permissions } from '../policy/permissions.ts';
import { decisionsOnRecord, policyVersionOnRecord } from '../policy/policy-on-record.ts';
import { openPolicyBook, type PolicyBook } from '../policy/policy-versions.ts';
import type { ConsoleConfig } from './config.ts';
import { type Continuous, watchChain } from './continuous.ts';
import { indexEnvironments, sandboxEnvironments } from './environments.ts';
import { createEvents, type Events, throttle } from './events.ts';
import { approversOf, countApprovers } from './people.ts';
import { createProposalBook } from './proposals.ts';
import type { Rooms } from './rooms.ts';
import { allowUse } from './secret-use.ts';
import { createDenialSettler, type DenialSettler } from './settle-denials.ts';
import { createVerification, type Verification } from './verification.ts';

const CHAIN_EVENT_EVERY = 150;
const EXPIRY_CHECK_EVERY = 5_000;
/**
 * After these a signed checkpoint goes to the keychain at once: whoever can write the database could otherwise cut off
 * the end of the chain, with an approval in it, back to the checkpoint before.
 */
const CHECKPOINTED: ReadonlySet<AuditAction> = new Set([
  'remediation.approved',
  'remediation.executed',
  'remediation.verified',
  'tenant.protection_change_approved',
  'tenant.user_added',
  'tenant.user_role_changed',
  'auth.mfa_enrolled',
  'auth.api_key_created',
  'tenant.user_removed',
]);

/** The parts of an open workspace, each made once. */
export interface Parts {
  readonly audit: Pick<AuditStore, 'append'>;
  readonly config: ConsoleConfig;
  readonly rooms: Rooms;
  readonly identity: Identity;
  readonly permissions: Permissions;
  readonly policies: PolicyBook;
  readonly vault: Vault;
  readonly events: Events;
  readonly environments: ReadonlyMap<string, CloudEnvironment>;
  readonly guard: Guard;
  readonly broker: CredentialBroker;
  readonly investigations: Investigations;
  readonly book: ProposalBook;
  readonly approvals: Approvals;
  readonly denials: DenialSettler;
  readonly verification: Verification;
  readonly continuous: Continuous;
  readonly chainStatus: () => ChainStatus;
  readonly stopTimers: () => void;
}

/**
 * Makes the parts over opened rooms. Nothing runs yet but the watch for proposals whose time has passed. What was opened
 * here is closed with the rooms.
 */
export async function assemble(config: ConsoleConfig, rooms: Rooms): Promise<Parts> {
  const { store, db, sandbox, log, folder } = rooms;
  const { device, version, tenant, secrets } = config;
  const clock = config.clock ?? wallClock;
  const random = config.random ?? systemRandom;
  const onError = (error: unknown) => log.error({ err: error }, 'in the background');
  const onWarning = (err: unknown, what: string) => log.warn({ err }, what);
  const events = createEvents(onError);
  const environments = indexEnvironments([
    ...(sandbox === null ? [] : sandboxEnvironments(sandbox)),
    ...(config.awsEnvironments ?? []),
  ]);
  const tellChain = () => events.emit({ type: 'chain', status: chainStatus() });
  const chainChanged = throttle(CHAIN_EVENT_EVERY, tellChain);
  // Everything is written through this one function, so that every record is told of.
  const append: typeof store.append = async (input) => {
    const stored = await store.append(input);
    if (CHECKPOINTED.has(input.action)) {
      // What is on record stays so: a keychain that fails now takes nothing back.
      await store
        .checkpoint()
        .catch((error: unknown) => log.error({ err: error }, 'no checkpoint after a decision of a person'));
    }
    chainChanged.request();
    rooms.search.grow();
    continuous.request();
    return stored;
  };
  const audit = {
    append,
    getVerified: (hash: string) => store.getVerified(hash),
    decisionsAfter: (hash: string) => store.decisionsAfter(hash),
  };
  const verification = createVerification({ store, audit, events, clock, broken: () => continuous.recheck() });
  const chainStatus = (): ChainStatus => {
    const { seq, hash } = store.head();
    const newest = store.latestCheckpoint();
    return {
      records: seq,
      head: hash,
      keyId: store.keyId,
      checkpoint: newest === null ? null : { size: newest.size, root: newest.root, at: newest.at },
      verified: verification.last(),
    };
  };
  const continuous = watchChain({
    store,
    audit,
    events,
    found: (summary, problems) => {
      verification.note(summary, problems);
      tellChain();
    },
    onError,
  });
  rooms.closeFirst(() => continuous.stop());
  const permissions = await loadPermissions({ tenant, audit, clock, onWarning });
  rooms.closeFirst(() => permissions.close());
  const identity = await openIdentity({
    folder,
    tenant,
    secrets,
    clock,
    random,
    audit,
    device,
    canRecord: () => store.refusal() === null,
    allowed: permissions.allowed,
    passwordCost: config.passwordCost,
    idleLockMs: config.idleLockMs,
    onWarning,
  });
  rooms.closeFirst(() => identity.close());
  identity.subscribe((what) => events.emit({ type: what }));
  const people = approversOf(identity, permissions);
  const policies = await openPolicyBook({
    folder,
    tenant,
    secrets,
    clock,
    versionOnRecord: () => policyVersionOnRecord(store),
    decisionsOnRecord: (from) => decisionsOnRecord(store, from),
    eligible: () => countApprovers(people),
    onWarning,
  });
  rooms.closeFirst(() => policies.close());
  const engine = policies.engine();
  const guard = createGuard({ audit, engine, keep: policies.keep });
  const requestKey = await tenantKey(secrets, tenant, 'digests', true);
  const kms = awsVaultKms(version, rooms.cloud, vaultCallHooks(audit, requestKey));
  rooms.closeFirst(() => kms.close());
  const vault = await openVault({
    folder,
    tenant,
    secrets,
    clock,
    random,
    audit,
    kms,
    allow: (use) => allowUse(guard, use),
    onWarning,
  });
  rooms.closeFirst(() => vault.close());
  const broker = createBroker({
    audit,
    guard,
    clock,
    random,
    version,
    readEvidence: (digest) => db.readEvidence(digest).content,
    onRevocationFailure: (lease, error) => log.warn({ err: error, lease }, 'the cloud did not confirm a revocation'),
    approvalRules: approvalRules(engine, people),
    requestKey,
    onNotRevoked: (lease, { id }) =>
      log.warn({ lease, environment: id }, 'no revocation role: the session lives on in the cloud'),
    onWarning: onError,
  });
  broker.onChange(() => events.emit({ type: 'leases' }));
  const investigations = createInvestigations({
    audit,
    broker,
    guard,
    engine,
    db,
    clock,
    environment: (id) => environmentOf(environments, id),
    publishIncident: (incident) => events.emit({ type: 'incident', incident }),
    publish: (investigation) => events.emit({ type: 'investigation', investigation }),
    onError,
  });
  const book = createProposalBook(db, investigations);
  const approvals = createApprovals({ audit, guard, engine, clock, people, book, store });
  const denials = createDenialSettler(db, investigations);
  const expiry = setInterval(() => {
    if (store.refusal() === null) denyDue(parts, 'The time to decide has passed.').catch(onError);
  }, EXPIRY_CHECK_EVERY).unref();
  const stopTimers = () => {
    clearInterval(expiry);
    chainChanged.stop();
    void continuous.stop();
  };
  const parts: Parts = {
    audit,
    config,
    rooms,
    identity,
    permissions,
    policies,
    vault,
    events,
    environments,
    guard,
    broker,
    investigations,
    book,
    approvals,
    denials,
    verification,
    continuous,
    chainStatus,
    stopTimers,
  };
  return parts;
}

/** `not-found` when it is not configured. */
export function environmentOf(environments: ReadonlyMap<string, CloudEnvironment>, id: string): CloudEnvironment {
  const found = environments.get(id);
  if (found !== undefined) return found;
  throw new CausewayError('not-found', `The environment ${id} is not configured any more. Add it again to go on.`);
}

/** What nobody decided in time is denied; what could not be done about denials before is tried again. */
export async function denyDue(parts: Parts, reason: string): Promise<void> {
  await finishDenials(parts, await parts.approvals.expireDue(), reason);
  await parts.denials.retry();
}

/** An incident whose proposal was not approved needs a person. Each is tried; the first failure is thrown at the end. */
export async function finishDenials({ denials }: Parts, denied: Denials, reason: string): Promise<void> {
  const failures = [...denied.failures, ...(await denials.settle(denied.settled, reason))];
  if (failures.length > 0) throw failures[0];
}
