const listeners = new Set<() => void>();

/** A call was answered with 'sign-in-required': what the window shows may belong to a session that is over. */
export function reportSignedOut(): void {
  for (const listener of listeners) listener();
}

/** Calls back each time; returns the function that ends it. */
export function onSignedOut(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
