import { CausewayError } from '#shared/errors.ts';
import type { PolicyPreview, PolicyView } from '#shared/ipc/protection-views.ts';
import type { Cipher } from '../platform/cipher.ts';
import { CEDAR_SCHEMA } from './cedar/schema.ts';
import { TRYING } from './cedar-module.ts';
import { readRules } from './cedar-rules.ts';
import { openCedarSet, versionOf } from './cedar-set.ts';
import { problemsOfPolicy } from './check-policy.ts';
import { createDecisionLog, DRY_RUN_MS } from './decision-log.ts';
import { dryRun } from './dry-run.ts';
import { engineOf, type PolicyEngine } from './engine.ts';
import type { DecisionKeeper } from './guard.ts';
import { diffLines } from './line-difference.ts';
import { OWN_POLICIES, OWN_VERSION } from './own-policies.ts';
import { readPolicyAnchor, writePolicyAnchor } from './policy-anchor.ts';
import { denied, type InForce, ownInForce, putInForce } from './policy-in-force.ts';
import type { PolicyOnRecord } from './policy-on-record.ts';
import type { PolicyStore } from './policy-store.ts';
import type { PolicyBook, PolicyBookOptions } from './policy-versions.ts';

const MOST_DIFFERENCE = 20_000;
const LONGEST_LINE = 2000;
const NOBODY = '0'.repeat(64);

/** Made by openPolicyBook; `begin` comes before anything else. */
export class Book implements PolicyBook {
  readonly keep: DecisionKeeper;
  readonly #options: PolicyBookOptions;
  readonly #store: PolicyStore;
  readonly #log: ReturnType<typeof createDecisionLog>;
  readonly #onWarning: (error: unknown, what: string) => void;
  readonly #engine: PolicyEngine;
  #inForce: InForce = denied(NOBODY, '', 'The policies are not opened yet, so everything is denied.');

  constructor(options: PolicyBookOptions, store: PolicyStore, cipher: Cipher) {
    this.#options = options;
    this.#store = store;
    this.#onWarning = options.onWarning ?? (() => {});
    this.#log = createDecisionLog(store, cipher, options.clock, this.#onWarning);
    this.keep = this.#log.keep;
    const inForce = () => this.#inForce.engine;
    this.#engine = {
      get version() {
        return inForce().version;
      },
      get approvalRule() {
        return inForce().approvalRule;
      },
      decide: (request) => inForce().decide(request),
    };
  }

  async begin(): Promise<void> {
    const { clock, secrets, tenant } = this.#options;
    const known = this.#store.versions().some(({ version }) => version === OWN_VERSION);
    if (!known) {
      this.#store.putVersion({ ...OWN_POLICIES, version: OWN_VERSION, since: clock.now(), approvedBy: [] });
    }
    const anchor = await readPolicyAnchor(secrets, tenant);
    let onRecord: PolicyOnRecord | null;
    try {
      onRecord = this.#options.versionOnRecord();
    } catch (error) {
      this.#onWarning(error, 'Which policies are in force cannot be read from the audit trail');
      const text = 'Which policies are in force cannot be read from the audit trail, so everything is denied.';
      this.#use(denied(anchor?.version ?? NOBODY, '', text));
      return;
    }
    if (anchor !== null && (onRecord === null || onRecord.seq < anchor.seq)) {
      // Hidden in the database, or given up with an acknowledged break: the newer policies stay in force.
      this.#onWarning(new Error(anchor.version), 'The audit trail names older policies than were in force');
      this.#use(this.#open(anchor.version));
      return;
    }
    if (anchor !== null && onRecord?.seq === anchor.seq && onRecord.version !== anchor.version) {
      const text = 'The audit trail and the keychain name different policies, so everything is denied.';
      this.#use(denied(anchor.version, '', text));
      return;
    }
    if (onRecord === null) {
      this.#use(ownInForce());
      return;
    }
    await this.#take(onRecord, onRecord.approvedBy);
  }

  /** What is on record is listed and in force; the keychain remembers it. */
  async #take({ version, seq, at }: PolicyOnRecord, approvedBy: readonly string[]): Promise<void> {
    const stored = this.#store.text(version);
    if (stored !== null && versionOf(stored) === version) {
      const listed = this.#store.versions().find((known) => known.version === version);
      if (listed === undefined || listed.since !== Date.parse(at)) {
        this.#store.putVersion({ ...stored, since: Date.parse(at), approvedBy });
      }
    }
    this.#use(this.#open(version));
    try {
      await writePolicyAnchor(this.#options.secrets, this.#options.tenant, { version, seq });
    } catch (error) {
      this.#onWarning(error, 'The keychain could not be told which policies are in force'); // the chain says it
    }
  }

  #open(version: string): InForce {
    const newest = this.#store.versions().find(({ approvedBy }) => approvedBy.length === 0);
    const changed = this.#store.versions().find((known) => known.version === version);
    const newer = newest !== undefined && changed !== undefined && newest.since > changed.since;
    return putInForce(version, this.#store.text(version), newer && newest.version === OWN_VERSION);
  }

  #use(inForce: InForce): void {
    const before = this.#inForce;
    this.#inForce = inForce;
    before.release();
  }

  engine(): PolicyEngine {
    return this.#engine;
  }

  current(): PolicyView {
    const { version, text, notice } = this.#inForce;
    const { rules } = readRules({ policies: text, schema: CEDAR_SCHEMA });
    return {
      version,
      text: text === '' ? '// The text of the policies in force is missing.' : text,
      rules: [...rules.values()].slice(0, 1000),
      versions: this.#store
        .versions()
        .slice(0, 1000)
        .map(({ version: own, number, since, approvedBy }) => ({
          version: own,
          number,
          since: new Date(since).toISOString(),
          approvedBy: approvedBy.slice(0, 8),
          inForce: own === version,
        })),
      ...(notice === null ? {} : { notice: notice.slice(0, 1000) }),
    };
  }

  text(version: string): string {
    const stored = this.#store.text(version);
    if (stored === null) {
      throw new CausewayError('not-found', `There are no policies of version ${version.slice(0, 12)}….`);
    }
    if (versionOf(stored) === version) return stored.policies;
    const text = `The policies of version ${version.slice(0, 12)}… were changed in the database. Restore policies.db of this workspace.`;
    throw new CausewayError('audit-broken', text, { reason: 'policy-changed' });
  }

  async prepare(text: string): Promise<PolicyPreview> {
    const preview = await this.preview(text);
    if (preview.version !== null) {
      const candidate = { policies: text, schema: CEDAR_SCHEMA, version: preview.version };
      this.#store.putCandidate(candidate, this.#options.clock.now());
    }
    return preview;
  }

  async preview(text: string): Promise<PolicyPreview> {
    const { clock, decisionsOnRecord, eligible } = this.#options;
    const source = { policies: text, schema: CEDAR_SCHEMA };
    const problems = problemsOfPolicy(text, { eligible: eligible(), inForce: this.#inForce.engine });
    const checked = { version: problems.length > 0 ? null : versionOf(source), problems };
    const difference = diffLines(this.#inForce.text, text)
      .slice(0, MOST_DIFFERENCE)
      .map((line) => ({ ...line, text: line.text.slice(0, LONGEST_LINE) }));
    if (checked.version === null) {
      const from = new Date(clock.now() - DRY_RUN_MS).toISOString();
      const nothing = { from, decisions: 0, notReplayable: 0, changed: [], changedTotal: 0 };
      return { ...checked, difference, dryRun: nothing };
    }
    const set = openCedarSet(source, readRules(source), TRYING);
    try {
      const needs = { store: this.#store, log: this.#log, now: clock.now(), onRecord: decisionsOnRecord };
      return { ...checked, difference, dryRun: await dryRun(engineOf(set), needs) };
    } finally {
      set.release();
    }
  }

  async adopt(text: string, approvedBy: readonly string[]): Promise<void> {
    const problem = problemsOfPolicy(text, null)[0]; // who may approve was looked at when it was asked for
    if (problem !== undefined) {
      throw new CausewayError('bad-input', `This policy cannot be used: ${problem}`, { reason: 'policy' });
    }
    const source = { policies: text, schema: CEDAR_SCHEMA };
    const version = versionOf(source);
    const onRecord = this.#options.versionOnRecord();
    if (onRecord?.version !== version) {
      const why = 'No approval of exactly this policy is on record. The policies in force stay as they are.';
      throw new CausewayError('conflict', why, { reason: 'not-on-record' });
    }
    const since = Date.parse(onRecord.at);
    this.#store.putVersion({ ...source, version, since, approvedBy });
    await this.#take(onRecord, approvedBy);
  }

  async restore(text: string): Promise<void> {
    const { version } = this.#inForce;
    const schema = this.#store.versions().find((known) => known.version === version)?.schema ?? CEDAR_SCHEMA;
    const source = [schema, CEDAR_SCHEMA]
      .map((own) => ({ policies: text, schema: own }))
      .find((candidate) => versionOf(candidate) === version);
    if (source === undefined) {
      const why = `This is not the text of the policies in force (${version.slice(0, 12)}…). Nothing was changed.`;
      throw new CausewayError('bad-input', why, { reason: 'policy' });
    }
    const known = this.#store.versions().find((listed) => listed.version === version);
    const { since = 0, approvedBy = [] } = known ?? {}; // what the chain says of it is written by begin
    this.#store.putVersion({ ...source, version, since, approvedBy });
    await this.begin();
  }

  close(): void {
    try {
      this.#log.close();
      this.#inForce.release();
    } finally {
      this.#store.close();
    }
  }
}
