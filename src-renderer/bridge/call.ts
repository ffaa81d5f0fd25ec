import { z } from 'zod';
import {
  type CausewayBridge,
  type Channel,
  type ChannelInput,
  type ChannelOutput,
  CONTRACT,
} from '#shared/ipc/contract.ts';
import { IpcError } from '#shared/ipc/envelope.ts';
import { reportSignedOut } from './signed-out.ts';
import { toUiError, UiError } from './ui-error.ts';

const Envelope = z.discriminatedUnion('ok', [
  z.strictObject({ ok: z.literal(true), value: z.unknown() }),
  z.strictObject({ ok: z.literal(false), error: IpcError }),
]);

/** Opens an answer: the value parsed by the channel's schema, or throws the UiError it carries. */
export function openAnswer<C extends Channel>(channel: C, answer: unknown): ChannelOutput<C> {
  const envelope = Envelope.safeParse(answer);
  if (!envelope.success) throw malformed(channel);
  if (!envelope.data.ok) throw new UiError(envelope.data.error);
  const value = CONTRACT[channel].output.safeParse(envelope.data.value);
  if (!value.success) throw malformed(channel);
  return value.data as ChannelOutput<C>;
}

/** Asks the main process. Throws UiError and nothing else. */
export async function call<C extends Channel>(channel: C, input: ChannelInput<C>): Promise<ChannelOutput<C>> {
  try {
    return openAnswer(channel, await bridge().invoke(channel, input));
  } catch (failure) {
    const error = toUiError(failure);
    if (error.code === 'sign-in-required' && channel !== 'access.state') reportSignedOut();
    throw error;
  }
}

/** The preload's object. Throws UiError where there is none, that is outside the console. */
export function bridge(): CausewayBridge {
  const found = window.causeway;
  if (found !== undefined) return found;
  throw new UiError({
    code: 'internal',
    message: 'This page works only inside Causeway: its connection to the console is missing.',
    ref: '',
  });
}

function malformed(channel: Channel): UiError {
  return new UiError({
    code: 'internal',
    message: `The console answered "${channel}" in a form this window does not know. Nothing was shown; restart Causeway.`,
    ref: '',
  });
}
