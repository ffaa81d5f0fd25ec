import { verifyAndDigest } from '#main/audit/verify-file.ts';
import { nowAndThen } from '#main/platform/now-and-then.ts';
import { CausewayError } from '#shared/errors.ts';
import type { ConsoleEvent } from '#shared/ipc/contract.ts';
import type { Verdict } from '#shared/model/verdict.ts';
import type { AccessDesk } from './access-desk.ts';

/** Verifies files for whoever is at the window: an auditor needs no account for it. */
export interface FileVerifier {
  /** Rejects with `cancelled`, `conflict` while another one runs, and as the verifier. */
  verify(file: string): Promise<Verdict>;
  /** Also ends a verification of the own chain. */
  cancel(): void;
}

/** With somebody signed in who may verify, the verdict goes on record; without, nothing is written anywhere. */
export function createFileVerifier(
  desk: Pick<AccessDesk, 'admit' | 'workspace'>,
  tell: (event: ConsoleEvent) => void,
): FileVerifier {
  let running: AbortController | null = null;
  return {
    verify: async (file) => {
      const caller = await desk.admit('trail.verify').catch((error: unknown) => {
        if (error instanceof CausewayError && /^(sign-in-required|denied)$/.test(error.code)) return null;
        throw error;
      });
      if (caller !== null) return caller.console.verifyFile(file);
      if (running !== null) {
        throw new CausewayError('conflict', 'A verification is running. Wait for it or cancel it.', {
          reason: 'verifying',
        });
      }
      running = new AbortController();
      const { signal } = running;
      const onProgress = nowAndThen((done, total) => tell({ type: 'verifying', done, total }));
      try {
        return (await verifyAndDigest(file, { signal, onProgress })).verdict;
      } finally {
        running = null;
      }
    },
    cancel: () => {
      running?.abort(new CausewayError('cancelled', 'The verification was cancelled.'));
      desk.workspace()?.cancelVerify();
    },
  };
}
