import type { AuditStore } from '#main/audit/store.ts';
import { CausewayError } from '#shared/errors.ts';
import type { PolicyPreview } from '#shared/ipc/protection-views.ts';
import type { HistoryBreak } from '#shared/ipc/verification-views.ts';
import type { KeptChange, ProtectionChange } from './change.ts';
import { describeBreaks, describePolicy, describeRotation } from './describe-change.ts';
import type { RecordReader } from './records-after.ts';
import type { KeptRequest } from './request-book.ts';

/** The guardrail policies: which version is in force, and what another text would mean. */
export interface PolicyFacts {
  version(): string;
  preview(text: string): Promise<PolicyPreview>;
}

export interface PreparedChange extends Pick<KeptRequest, 'summary' | 'details'> {
  readonly change: KeptChange;
}

type Trail = RecordReader & Pick<AuditStore, 'standing' | 'keyId'>;

/** How things stand now, which a change is written against. */
export class ProtectionFacts {
  readonly trail: Trail;
  readonly #policies: PolicyFacts;

  constructor(trail: Trail, policies: PolicyFacts) {
    this.trail = trail;
    this.#policies = policies;
  }

  policyVersion(): string {
    return this.#policies.version();
  }

  #openBreaks(): readonly HistoryBreak[] {
    return this.trail.standing().breaks.filter(({ acknowledged }) => acknowledged === null);
  }

  /** The newest record in which that person acknowledged all of these; null when one of them is not acknowledged so. */
  acknowledgedIn(breaks: readonly string[], by: string): number | null {
    const acknowledged = this.trail
      .standing()
      .breaks.filter(({ id }) => breaks.includes(id))
      .map((one) => (one.acknowledged?.by === by ? one.acknowledged.seq : null));
    if (acknowledged.length < breaks.length || acknowledged.length === 0) return null;
    return acknowledged.reduce((last, seq) => (last === null || seq === null ? null : Math.max(last, seq)));
  }

  /** @throws CausewayError `bad-input` (`policy`), `conflict` (`no-change`, `no-break`, `history-changed`) */
  async prepare(change: ProtectionChange): Promise<PreparedChange> {
    switch (change.kind) {
      case 'policy-change':
        return this.#preparePolicy(change.text);
      case 'key-rotation': {
        const kept = { kind: change.kind, to: change.to, from: this.trail.keyId };
        return { change: kept, ...describeRotation(kept) };
      }
      case 'break-acknowledgement': {
        const open = this.#openBreaks();
        if (open.length === 0) {
          const none = 'There is no break that waits to be acknowledged.';
          throw new CausewayError('conflict', none, { reason: 'no-break' });
        }
        const breaks = [...new Set(change.breaks)];
        if (!isSame(breaks, open)) throw historyChanged();
        return { change: { kind: change.kind, breaks }, ...describeBreaks(open) };
      }
    }
  }

  async #preparePolicy(text: string): Promise<PreparedChange> {
    const base = this.policyVersion();
    const preview = await this.#policies.preview(text);
    if (preview.version === null) {
      const why = preview.problems[0] ?? 'it is not valid.';
      throw new CausewayError('bad-input', `This policy cannot be used: ${why}`, { reason: 'policy' });
    }
    if (preview.version === base) {
      throw new CausewayError('conflict', 'This is the policy that is in force.', { reason: 'no-change' });
    }
    if (this.policyVersion() !== base) throw policyChanged();
    const change = { kind: 'policy-change' as const, text, base, version: preview.version };
    return { change, ...describePolicy(change, preview) };
  }

  /**
   * Why a request is about something that is no longer so; null when it still is. A policy's version is computed anew
   * from its text: what is adopted is what was agreed to.
   */
  async voidness(change: KeptChange): Promise<CausewayError | null> {
    switch (change.kind) {
      case 'policy-change': {
        if (this.policyVersion() !== change.base) return policyChanged();
        const { version, problems } = await this.#policies.preview(change.text);
        return version === change.version ? null : policyUnusable(problems);
      }
      case 'key-rotation':
        return this.trail.keyId === change.from ? null : keyChanged();
      case 'break-acknowledgement':
        return isSame(change.breaks, this.#openBreaks()) ? null : historyChanged();
    }
  }
}

function isSame(breaks: readonly string[], open: readonly HistoryBreak[]): boolean {
  return breaks.length === open.length && open.every(({ id }) => breaks.includes(id));
}

function historyChanged(): CausewayError {
  const text = 'Other breaks are open now than those this is about. Look at what is listed now and ask anew.';
  return new CausewayError('conflict', text, { reason: 'history-changed' });
}

function policyChanged(): CausewayError {
  const text = 'Another policy is in force than the one this was written against. Compare them and ask anew.';
  return new CausewayError('conflict', text, { reason: 'policy-changed' });
}

function policyUnusable(problems: readonly string[]): CausewayError {
  const why = problems[0] ?? 'it would be another version than was agreed to.';
  return new CausewayError('conflict', `This policy can no longer be used: ${why}`, { reason: 'policy' });
}

function keyChanged(): CausewayError {
  const text = 'Another key signs now than when this was asked for. Ask anew if it is to be changed again.';
  return new CausewayError('conflict', text, { reason: 'key-changed' });
}
