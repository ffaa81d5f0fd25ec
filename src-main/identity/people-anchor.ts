import { z } from 'zod';
import type { SecretStore } from '#main/platform/secret-store.ts';
import { CausewayError } from '#shared/errors.ts';

/**
 * What the keychain knows of a workspace's people.db: which one it is, that it has people, and how often what counts in it
 * was changed. Without it, whoever deletes or empties the file would be asked to become the owner, and whoever puts an
 * older copy back would let in people who were removed and keys that were revoked.
 */
const Anchor = z.strictObject({
  instance: z.string(),
  peopled: z.boolean(),
  /** See `isGuarded` in people-guard.ts. */
  generation: z.int().min(0).default(0),
});
export type Anchor = z.infer<typeof Anchor>;

const nameOf = (tenant: string) => `tenant.${tenant}.people-anchor`;

export async function readAnchor(secrets: SecretStore, tenant: string): Promise<Anchor | null> {
  const kept = await secrets.get(nameOf(tenant));
  if (kept === null) return null;
  try {
    return Anchor.parse(JSON.parse(Buffer.from(kept).toString('utf8')));
  } catch (cause) {
    const text = `The keychain entry "${nameOf(tenant)}" is damaged. Restore it; without it nobody can say whether the list of people is the right one.`;
    throw new CausewayError('keychain-unavailable', text, { reason: 'anchor-damaged', cause });
  }
}

/** @throws CausewayError `audit-broken` with reason `people-gone` or `people-older` */
export function requireAnchored(anchor: Anchor | null, found: Anchor): void {
  if (anchor === null) return;
  if (anchor.instance !== found.instance || (anchor.peopled && !found.peopled)) {
    const text =
      'The list of people in this folder is not the one the keychain knows: it is another one, or one from before there were people. Put the right people.db back.';
    throw new CausewayError('audit-broken', text, { reason: 'people-gone' });
  }
  // ahead is fine: the file is written first, and the program may have ended before the keychain was
  if (found.generation >= anchor.generation) return;
  const text =
    'The list of people in this folder is an older copy: people, roles, keys or passwords were changed after it was made. It is not used. Keep it for examination and restore the newest copy of people.db.';
  throw new CausewayError('audit-broken', text, { reason: 'people-older' });
}

/** Keeps the keychain's knowledge level with the file, which is written first. */
export interface AnchorKeeper {
  /** Notes what the file says now; done when {@link settled} resolves. */
  note(anchor: Anchor): void;
  /** @throws CausewayError `keychain-unavailable` (`anchor-behind`) when the keychain did not take an earlier change */
  requireLevel(): void;
  /** Waits for what is being written, and tries again what failed before. Never rejects: that is told as a warning. */
  settled(): Promise<void>;
}

export function keepAnchor(
  secrets: SecretStore,
  tenant: string,
  onWarning: (error: unknown, what: string) => void,
): AnchorKeeper {
  let wanted: Anchor | null = null;
  let writing: Promise<void> | null = null;
  let failure: unknown = null;
  const write = async (): Promise<void> => {
    try {
      while (wanted !== null) {
        const anchor: Anchor = wanted;
        const { instance, peopled, generation } = anchor;
        await secrets.set(nameOf(tenant), Buffer.from(JSON.stringify({ instance, peopled, generation }), 'utf8'));
        if (wanted === anchor) wanted = null; // otherwise there was another change meanwhile
        failure = null;
      }
    } catch (error) {
      failure = error;
      onWarning(error, 'the keychain could not note a change of the list of people');
    }
  };
  const start = (): Promise<void> => {
    writing ??= write().finally(() => {
      writing = null;
    });
    return writing;
  };
  return {
    note: (anchor) => {
      wanted = anchor;
      void start(); // never rejects
    },
    requireLevel: () => {
      if (failure === null) return;
      const text =
        'The keychain did not take the last change of the list of people, so nothing more is changed. Unlock the keychain and try again.';
      throw new CausewayError('keychain-unavailable', text, { reason: 'anchor-behind', cause: failure });
    },
    settled: async () => {
      if (writing !== null) await writing;
      if (wanted !== null) await start();
    },
  };
}
