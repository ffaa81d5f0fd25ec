import { basename, join } from 'node:path';
import type { SecretStore } from '#main/platform/secret-store.ts';
import { CausewayError } from '#shared/errors.ts';
import type { HistoryBreak, Standing } from '#shared/ipc/verification-views.ts';
import type { ProblemCode } from '#shared/model/verdict.ts';
import type { KeptCheckpoint } from '../checkpoint-keeper.ts';
import { hashRecord } from '../hash.ts';
import type { Signer } from '../signer.ts';
import { MAX_BREAKS, type RegisteredBreak, registerBreaks, toHistoryBreak } from './break-register.ts';
import { keepClaim } from './claims.ts';
import { findEarlierBundle } from './earlier-bundle.ts';
import { breakId, type Finding, involved } from './finding.ts';
import { codeOf } from './history-verdict.ts';
import {
  type BundleParts,
  type BundleReference,
  INCIDENTS_FOLDER,
  type Incident,
  type IncidentFindings,
  type InvolvedCheckpoint,
  readIncidentBundle,
  type SchemaDifference,
  writeIncidentBundle,
} from './incident-bundle.ts';

export interface HistoryParts extends Omit<BundleParts, 'signer'> {
  readonly secrets: SecretStore;
  readonly now: () => string;
  /** What the database says of itself, for the bundle. */
  readonly head: () => Incident['head'];
  readonly schema: () => readonly SchemaDifference[];
  /** The database's own newest checkpoints, and those of more records than it has. */
  readonly own: () => readonly InvolvedCheckpoint[];
  /** What stands in the database beside records that are not there. */
  readonly cutOff: () => Incident['cutOff'] | null;
  /** Reads what is known elsewhere now; `find` then holds the database against it, at once. */
  readonly look: () => Promise<Look>;
  readonly warn: (error: unknown, what: string) => void;
}

/** What is known elsewhere of a database, as it was read a moment ago. */
export interface Look {
  readonly find: () => readonly Finding[];
  /** The keychain's checkpoint, where there is one. */
  readonly kept: KeptCheckpoint | null;
}

/** Problems of a verification, as section 6 of the chain format has them; `problemCount` counts all. */
export type FoundProblems = Pick<Incident, 'problems' | 'problemCount'>;

interface OpenBreak {
  readonly id: string;
  readonly finding: Finding;
  readonly foundAt: string;
}

/**
 * Whether the history is whole: what contradicts it and waits for a person, and what was acknowledged, which stays for
 * good. It derives from the keychain and the witness folders against the database: whoever can write the database alone
 * can make a break, and can neither acknowledge nor hide one.
 */
export class History {
  readonly #parts: HistoryParts;
  readonly #acknowledged: RegisteredBreak[];
  #open: readonly OpenBreak[] = [];
  #bundle: BundleReference | null = null;
  #stopped: string | null = null;
  #signer: () => Signer;
  #written: { readonly same: string; readonly reference: BundleReference } | null = null;

  constructor(parts: HistoryParts, signer: Signer, acknowledged: readonly RegisteredBreak[]) {
    this.#parts = parts;
    this.#signer = () => signer;
    this.#acknowledged = [...acknowledged];
  }

  /** Bundles are signed by the key in force, which a rotation changes. */
  followSigner(signer: () => Signer): void {
    this.#signer = signer;
  }

  /**
   * Takes findings over and writes a bundle of all that is open; a bundle of the same is not written twice. What somebody
   * elsewhere showed is in the keychain first: their file may be gone at the next start.
   */
  async report(findings: readonly Finding[]): Promise<void> {
    const added = this.#unknown(findings);
    if (added.length === 0) return;
    const foundAt = this.#parts.now();
    this.#open = [...this.#open, ...added.map((one) => ({ ...one, foundAt }))].slice(0, MAX_BREAKS);
    const { secrets, chain, warn } = this.#parts;
    for (const { finding } of added) {
      // what stands open is told although the keychain is locked
      await keepClaim(secrets, chain, finding).catch((error) => warn(error, 'a contradiction could not be kept'));
    }
    const earlier = await findEarlierBundle(this.#parts.folder, {
      chain: this.#parts.chain,
      keyId: this.#signer().keyId,
      ids: this.#open.map(({ id }) => id),
      head: this.#parts.head()?.hash,
    });
    if (earlier !== null) {
      this.#bundle = earlier.reference;
      this.#open = this.#open.map((one) => ({ ...one, foundAt: earlier.time }));
      return;
    }
    // what stands open is told although the disk is full or read-only; acknowledging then waits for the bundle
    this.#bundle = await this.#write(this.#findings(foundAt)).catch(() => null);
  }

  /** Those that are not open already, none twice. */
  #unknown(findings: readonly Finding[]): { readonly id: string; readonly finding: Finding }[] {
    const before = this.#acknowledged.length;
    const known = new Set(this.#open.map(({ id }) => id));
    return findings
      .map((found) => ({ id: breakId(found, before), finding: found }))
      .filter(({ id }, index, all) => !known.has(id) && all.findIndex((one) => one.id === id) === index);
  }

  /** Whether every one of these was told: a person has seen no others. */
  isTold(findings: readonly Finding[]): boolean {
    return this.#unknown(findings).length === 0;
  }

  /** Whether these, and no others, are open. */
  areOpen(ids: readonly string[]): boolean {
    return this.#open.length === ids.length && this.#open.every(({ id }) => ids.includes(id));
  }

  /** Takes over what was found since, with a bundle of how it stands now. */
  async tellAnew(findings: readonly Finding[]): Promise<void> {
    this.#bundle = null;
    await this.report(findings);
    this.#bundle ??= await this.#write(this.#findings(this.#parts.now())).catch(() => null);
  }

  look(): Promise<Look> {
    return this.#parts.look();
  }

  /**
   * Looks for breaks anew, as a database that changed while it was open calls for; what was noticed is reported in any case.
   */
  async examineAgain(noticed: Finding): Promise<void> {
    let found: readonly Finding[] = [];
    try {
      found = (await this.look()).find();
    } catch (error) {
      this.#parts.warn(error, 'the history could not be examined');
    }
    await this.report(found.length > 0 ? found : [noticed]);
  }

  standing(): Standing {
    const folder = join(this.#parts.folder, INCIDENTS_FOLDER);
    const open = this.#open.map(
      (one): HistoryBreak => ({ ...told(one), foundAt: one.foundAt, bundle: this.#bundle, acknowledged: null }),
    );
    const breaks = [...open, ...this.#acknowledged.map((one) => toHistoryBreak(one, folder)).reverse()];
    const state = open.length > 0 ? 'blocked' : breaks.length > 0 ? 'acknowledged' : 'whole';
    return { state, breaks: breaks.slice(0, MAX_BREAKS) };
  }

  /** Keeps everything from being written, or lets it be again: what a failed self-attack calls for. */
  stop(reason: string | null): void {
    this.#stopped = reason;
  }

  /** Why nothing may be written, or null. */
  refusal(): CausewayError | null {
    const [first] = this.#open;
    if (first !== undefined) return blocked(first.finding);
    if (this.#stopped === null) return null;
    return new CausewayError('audit-broken', this.#stopped, { reason: 'self-attack-failed' });
  }

  /** @throws CausewayError `audit-broken` while nothing may be written; `despiteStop`: a break only counts */
  requireWritable(despiteStop = false): void {
    const refusal = despiteStop && this.#open.length === 0 ? null : this.refusal();
    if (refusal !== null) throw refusal;
  }

  get blocked(): boolean {
    return this.#open.length > 0 || this.#stopped !== null;
  }

  /** @throws CausewayError `conflict` when nothing is open, `audit-broken` when no acknowledgement can help */
  requireAcknowledgeable(): void {
    if (this.#open.length === 0) {
      throw new CausewayError('conflict', 'There is no break that waits to be acknowledged.', { reason: 'no-break' });
    }
    for (const { finding } of this.#open) {
      if (finding.final === null) continue;
      const text = `${finding.text} ${finding.final} It stays open for reading; begin a new trail in another folder.`;
      throw new CausewayError('audit-broken', text, { reason: 'history-lost' });
    }
  }

  /**
   * The bundle an acknowledgement names, and the newest record as it says; written anew when it is gone or damaged.
   * @throws as {@link writeIncidentBundle}
   */
  async bundle(): Promise<BundleReference & { readonly head: Incident['head'] }> {
    if (this.#bundle !== null) {
      const read = await readIncidentBundle(this.#bundle.file);
      if (typeof read !== 'string' && read.digest === this.#bundle.digest) {
        return { ...this.#bundle, head: read.incident.head };
      }
    }
    const findings = this.#findings(this.#parts.now());
    this.#bundle = await this.#write(findings);
    return { ...this.#bundle, head: findings.head };
  }

  /** Moves what is open to what was acknowledged, in the keychain first. The bundle is the one the record names. */
  async acknowledge(acknowledged: RegisteredBreak['acknowledged'], { file, digest }: BundleReference): Promise<void> {
    const bundle = { name: basename(file), digest };
    const added = this.#open.map((one) => {
      const { checkpoint } = one.finding;
      const superseded = checkpoint === null ? null : { size: checkpoint.size, root: checkpoint.root };
      return { ...told(one), foundAt: one.foundAt, bundle, superseded, acknowledged };
    });
    await registerBreaks(this.#parts.secrets, this.#parts.chain, this.#acknowledged.length, added);
    this.#acknowledged.push(...added);
    this.#open = [];
    this.#bundle = null;
  }

  /** Whether a checkpoint was given up by an acknowledgement: it contradicts for good, and no longer blocks. */
  isSuperseded({ size, root }: { readonly size: number; readonly root: string }): boolean {
    return this.#acknowledged.some(({ superseded }) => superseded?.size === size && superseded.root === root);
  }

  /** What every verification says, whatever it finds itself. */
  problems(): readonly { readonly code: ProblemCode; readonly message: string; readonly seq: number | null }[] {
    return this.standing().breaks.map(({ kind, text, seq, acknowledged }) => {
      const when = acknowledged === null ? 'not acknowledged' : `acknowledged in record ${acknowledged.seq}`;
      return { code: codeOf(kind), message: `${text.slice(0, 420)} (${when})`, seq };
    });
  }

  /** Writes what a verification found into a bundle, with where the history stands; the same is not written twice. */
  async writeIncident(found: FoundProblems): Promise<BundleReference> {
    const { time, ...findings } = { ...this.#findings(this.#parts.now()), ...found };
    const same = hashRecord(Buffer.from(JSON.stringify(findings), 'utf8'));
    if (this.#written?.same !== same) {
      this.#written = { same, reference: await this.#write({ time, ...findings }) };
    }
    return this.#written.reference;
  }

  #write(findings: IncidentFindings): Promise<BundleReference> {
    return writeIncidentBundle({ ...this.#parts, signer: this.#signer() }, findings);
  }

  #findings(time: string): IncidentFindings {
    const cutOff = this.#open.length === 0 ? null : this.#cutOff();
    const checkpoints = this.#open.flatMap(({ finding: { checkpoint } }) => checkpoint ?? []).map(involved);
    return {
      time,
      head: this.#parts.head(),
      breaks: this.#open.map(told),
      checkpoints: [...checkpoints, ...this.#parts.own()].slice(0, 400),
      schema: [...this.#parts.schema()],
      ...(cutOff === null || cutOff === undefined ? {} : { cutOff }),
    };
  }

  /** Tables that were taken away say nothing: what is found is told all the same. */
  #cutOff(): Incident['cutOff'] | null {
    try {
      return this.#parts.cutOff();
    } catch (error) {
      this.#parts.warn(error, 'rows beside missing records could not be read');
      return null;
    }
  }
}

/** A break as it is told: on the screen, in a bundle and in the keychain. */
function told({ id, finding: { kind, text, source, seq } }: OpenBreak): Incident['breaks'][number] {
  return { id, kind, text, source: source?.slice(0, 500) ?? null, seq };
}

function blocked({ text }: Finding): CausewayError {
  const what =
    `${text} The trail can be read, and nothing is written until a person has acknowledged this on the ` +
    'Verification screen. If you have a copy that holds everything, close the program and put it back instead.';
  return new CausewayError('audit-broken', what, { reason: 'history-blocked' });
}
