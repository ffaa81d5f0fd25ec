/** How long an orderly end may take before the process ends anyway, milliseconds. */
const PATIENCE = 20_000;

export interface Interrupts {
  /** What the first Ctrl-C does instead of closing, e.g. cancelling what runs; null: close. */
  gently(handler: (() => void) | null): void;
  /** Whether the workspace was closed by a signal. */
  closed(): boolean;
  dispose(): void;
}

/**
 * Turns Ctrl-C and a termination request into an orderly end: leases revoked, the last checkpoint written, databases
 * closed. A process that just dies would leave a write lease alive at the cloud. A further signal ends it at once.
 */
export function handleInterrupts(close: () => Promise<void>): Interrupts {
  let gentle: (() => void) | null = null;
  let closing = false;
  const onSignal = (signal: NodeJS.Signals) => {
    if (closing) process.exit(130);
    if (signal === 'SIGINT' && gentle !== null) {
      const handler = gentle;
      gentle = null;
      handler();
      return;
    }
    closing = true;
    setTimeout(() => process.exit(130), PATIENCE).unref();
    process.stdin.destroy(); // a question that is being asked gets no answer, which means no
    close().catch(() => process.exit(1));
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    gently: (handler) => {
      gentle = handler;
    },
    closed: () => closing,
    dispose: () => {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
