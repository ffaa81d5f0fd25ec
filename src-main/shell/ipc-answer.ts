import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Log } from '#main/platform/log.ts';
import { CausewayError, type ErrorCode } from '#shared/errors.ts';
import { type Channel, CONTRACT } from '#shared/ipc/contract.ts';
import type { IpcResult } from '#shared/ipc/envelope.ts';
import type { AccessDesk, Caller } from './access-desk.ts';
import type { Handlers } from './ipc-handlers.ts';
import { isSmallPlainData, type TokenBucket } from './ipc-limits.ts';
import { isTrustedSender, type SenderEvent } from './ipc-sender.ts';

export interface IpcDoor {
  readonly isKnownWindow: (contentsId: number) => boolean;
  readonly takeToken: TokenBucket;
  readonly handlers: Handlers;
  /** Says whose call it is, and whether they may. */
  readonly desk: Pick<AccessDesk, 'admit'>;
  readonly log: Log;
}

const SORRY = 'Something went wrong inside Causeway. What is on record was kept; the details are in the log';

/**
 * One call of the page, from the outside in: which window asks, how often, how much, which channel, which person and
 * whether they may, which values; and the same strictness for the answer. Resolves to an envelope and never rejects: what Electron makes of a rejection would carry
 * the error's text, and with it paths and values, into the page.
 */
export async function answerCall(
  door: IpcDoor,
  event: SenderEvent,
  channel: unknown,
  input: unknown,
): Promise<IpcResult<unknown>> {
  const name = isChannel(channel) ? channel : null;
  try {
    if (!isTrustedSender(event, door.isKnownWindow))
      throw new CausewayError('denied', 'Only the console’s own window may ask this.', { reason: 'sender' });
    if (!door.takeToken())
      throw new CausewayError('rate-limited', 'The window asks too often. Wait a moment and try again.');
    if (!isSmallPlainData(input))
      throw new CausewayError('too-large', 'The window sent more than one call may carry. Nothing was done.');
    if (name === null) throw new CausewayError('bad-input', 'The window asked for something that does not exist.');
    return { ok: true, value: await handle(name, input, door) };
  } catch (error) {
    return { ok: false, error: report(door.log, name, error) };
  }
}

function isChannel(channel: unknown): channel is Channel {
  return typeof channel === 'string' && Object.hasOwn(CONTRACT, channel);
}

async function handle(channel: Channel, input: unknown, { handlers, desk }: IpcDoor): Promise<unknown> {
  const { access, ...terms } = CONTRACT[channel];
  const caller = access === 'public' ? null : await desk.admit(access);
  const parsed = terms.input.safeParse(input);
  if (!parsed.success) throw badInput(parsed.error);
  // each handler takes exactly its own channel's input; the compiler cannot see that across the union of channels
  const handler = handlers[channel] as (value: unknown, caller: Caller | null) => unknown;
  const answer = terms.output.safeParse(await handler(parsed.data, caller));
  if (!answer.success)
    throw new CausewayError('internal', `${SORRY}.`, { reason: 'output', cause: new Error(summarise(answer.error)) });
  return answer.data;
}

function badInput(error: z.ZodError): CausewayError {
  return new CausewayError('bad-input', `This cannot be accepted: ${summarise(error)}. Nothing was changed.`);
}

/** Where and what, without the values: those may be anything, secrets included. */
function summarise(error: z.ZodError): string {
  return error.issues
    .slice(0, 5)
    .map((issue) => `${z.core.toDotPath(issue.path) || 'the input'}: ${issue.code.replaceAll('_', ' ')}`)
    .join('; ');
}

function report(log: Log, channel: Channel | null, error: unknown) {
  const ref = randomUUID();
  if (error instanceof CausewayError && error.code !== 'internal') {
    log.warn({ ref, channel, err: error }, 'call refused');
    const { code, message, until } = error;
    return { code, message: message.slice(0, 2000), ref, ...(until === undefined ? {} : { until }) };
  }
  log.error({ ref, channel, err: error }, 'call failed');
  const code: ErrorCode = 'internal';
  return { code, message: `${SORRY} under ${ref}.`, ref };
}
