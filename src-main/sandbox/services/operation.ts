import type { z } from 'zod';
import type { AccountState } from '../account-state.ts';
import type { Answer } from '../http/encode.ts';
import type { RequestContext } from '../iam/evaluate.ts';
import type { Principal } from '../iam/principal.ts';

/** What an operation knows of its caller. */
export interface Call {
  readonly account: AccountState;
  readonly principal: Principal;
  readonly region: string;
  /** Wall clock, epoch milliseconds. */
  readonly now: number;
  readonly requestId: string;
  /** Throws the service's refusal unless the caller may do this. */
  demand(action: string, resource: string, context?: RequestContext): void;
}

/** What must be allowed before the operation runs: the action on each of these resources. */
export interface AccessNeed {
  readonly resources: readonly string[];
  readonly context?: RequestContext;
}

/**
 * One API operation. `access` is not optional: an operation cannot exist without saying what permission it needs.
 * `by-itself` is for the two STS operations that IAM treats specially.
 */
export interface Operation {
  /** The IAM action, `service:Operation`. */
  readonly action: string;
  prepare(input: unknown, account: AccountState): PreparedOperation;
}

export interface PreparedOperation {
  readonly access: AccessNeed | 'by-itself';
  run(call: Call): Answer | Promise<Answer>;
}

export interface OperationDefinition<Input> {
  readonly action: string;
  /** Strict: what this cloud does not implement is refused, not ignored. */
  readonly input: z.ZodType<Input>;
  readonly access: ((input: Input, account: AccountState) => AccessNeed) | 'by-itself';
  run(input: Input, call: Call): Answer | Promise<Answer>;
}

export function defineOperation<Input>(definition: OperationDefinition<Input>): Operation {
  return {
    action: definition.action,
    prepare: (raw, account) => {
      const input = definition.input.parse(raw);
      return {
        access: definition.access === 'by-itself' ? 'by-itself' : definition.access(input, account),
        run: (call) => definition.run(input, call),
      };
    },
  };
}
