import { SerialQueue } from '#main/audit/serial-queue.ts';
import type { Principal } from '#main/identity/principal.ts';
import type { ForeignRequest } from '#shared/ipc/approval-views.ts';
import type { Reauthentication } from '#shared/model/access.ts';
import type { VerifiedAnswer } from '../decision.ts';
import type { Proposal } from '../proposal-book.ts';
import { createAnswering } from './answering.ts';
import { createAsking } from './asking.ts';
import type { DecisionFilesOptions } from './decision-file-parts.ts';

export interface AnswerInput {
  /** Of the request as `openRequest` gave it. */
  readonly digest: string;
  readonly decision: 'approve' | 'reject';
  readonly justification: string;
  readonly proof: Reauthentication;
  /** Id of the key that chain began with, once the person has compared it; needed at first sight of a chain. */
  readonly trust?: string | undefined;
}

/** Decisions that travel as files between consoles that do not reach each other (docs/decision-files.md). */
export interface DecisionFiles {
  /**
   * A request to be decided at another console, on record first. `severity` and the number of approvals are those on record.
   * @throws CausewayError `conflict` (`not-waiting`, `expired`), `audit-broken` (`proposal-differs`), `audit-unavailable`
   */
  saveRequest(by: Principal, proposal: Proposal): Promise<{ readonly digest: string; readonly bytes: Buffer }>;
  /**
   * Takes an answer that came back: checked, and handed to `decide`. One that is refused is on record.
   * @throws CausewayError as {@link verifyAnswer} and `decide`
   */
  takeAnswer<T>(by: Principal, bytes: Uint8Array, decide: (answer: VerifiedAnswer) => Promise<T>): Promise<T>;
  /** Reads another console's request. @throws CausewayError `bad-input`, `denied`, `conflict` (`expired`), `audit-broken` */
  openRequest(bytes: Uint8Array): Promise<ForeignRequest>;
  /**
   * The decision on a request that was opened, signed by this person's key at this device; on the own record first.
   * @throws CausewayError `not-found` (open it first), `conflict` (`request-key-unknown`, `expired`, `answered`),
   * `denied` (`api-key`, `request-key`), `reauthentication-required`, `bad-input`, `audit-unavailable`, `keychain-unavailable`
   */
  answerRequest(principal: Principal, input: AnswerInput): Promise<Buffer>;
  /** This person's public key at this device, for another console to register. */
  exportDevice(principal: Principal): Promise<Buffer>;
}

export function createDecisionFiles(options: DecisionFilesOptions): DecisionFiles {
  const asking = createAsking(options);
  const answering = createAnswering(options);
  const queue = new SerialQueue(); // a key is made once, an answer taken once
  return {
    saveRequest: (by, proposal) => queue.run(() => asking.saveRequest(by, proposal)),
    takeAnswer: (by, bytes, decide) => queue.run(() => asking.takeAnswer(by, bytes, decide)),
    openRequest: (bytes) => queue.run(() => answering.openRequest(bytes)),
    answerRequest: (principal, input) => queue.run(() => answering.answerRequest(principal, input)),
    exportDevice: (principal) => queue.run(() => answering.exportDevice(principal)),
  };
}
