/** A fresh data key, 32 bytes: in the clear, to be wiped by whoever asked for it, and as it is stored. */
export interface DataKey {
  readonly plain: Buffer;
  readonly wrapped: Buffer;
}

/**
 * Makes and unwraps the data keys of secrets. A wrapped key opens for the secret and the tenant it was made for only.
 * Both reject with a CausewayError, and end early when the signal says so.
 */
export interface DataKeys {
  generate(secret: string, signal: AbortSignal): Promise<DataKey>;
  unwrap(secret: string, wrapped: Uint8Array, signal: AbortSignal): Promise<Buffer>;
}

export function wipe(...buffers: readonly (Uint8Array | undefined)[]): void {
  for (const buffer of buffers) buffer?.fill(0);
}
