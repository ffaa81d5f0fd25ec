import type { Signer } from '../signer.ts';

/** Calls to a signing service under way at a time: its latency is paid once for so many records. */
const AT_A_TIME = 48;

/**
 * Signs texts, several at a time, and gives the signatures in the order of the texts. The first failure ends it: no
 * further call is begun, those under way are given up.
 */
export async function signAll(
  signer: Signer,
  texts: readonly Uint8Array[],
  signal: AbortSignal | undefined,
): Promise<readonly Uint8Array[]> {
  if (!signer.remote) return signer.signGroup?.(texts) ?? Promise.all(texts.map((text) => signer.sign(text)));
  const stop = new AbortController();
  const within = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  const signatures: Uint8Array[] = [];
  const pending = [...texts.entries()].values();
  const work = async () => {
    for (const [index, text] of pending) {
      if (stop.signal.aborted) return;
      signatures[index] = await signer.sign(text, within);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(AT_A_TIME, texts.length) }, work));
  } catch (error) {
    stop.abort();
    throw error;
  }
  return signatures;
}
