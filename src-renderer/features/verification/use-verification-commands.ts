import type { KnownWitness, WitnessFolder } from '#shared/ipc/verification-views.ts';
import { useMay } from '../../bridge/access-provider.tsx';
import { useCommands } from '../../commands/command-context.tsx';
import type { Command } from '../../commands/registry.ts';
import type { VerificationSection } from '../../navigation/route.ts';
import type { VerificationActions } from './use-verification-actions.ts';

interface Around {
  readonly folders: readonly WitnessFolder[];
  readonly witnesses: readonly KnownWitness[];
  readonly blocked: boolean;
  readonly goTo: (section: VerificationSection) => void;
}

const group = 'Verification';

/** The screen's actions as commands: for the palette, the shortcuts and the buttons. */
export function useVerificationCommands(actions: VerificationActions, around: Around): void {
  const { exchange, open } = actions;
  const mayVerify = useMay('trail.verify');
  const mayAcknowledge = useMay('history.acknowledge');
  const mayRotate = useMay('keys.rotate');
  const mayManage = useMay('witness.manage');
  const at = (section: VerificationSection, run: () => void) => () => {
    around.goTo(section);
    run();
  };
  useCommands([
    ...(mayVerify
      ? [{ id: 'chain.verify', title: 'Verify now', group, shortcut: 'v', run: () => void actions.store.run() }]
      : []),
    { id: 'chain.verifyFile', title: 'Open a chain file…', group, shortcut: 'o', run: () => void actions.opened.run() },
    ...(actions.store.busy || actions.opened.busy
      ? [{ id: 'chain.cancel', title: 'Cancel verification', group, run: () => void actions.cancel.run() }]
      : []),
    ...(around.blocked && mayAcknowledge
      ? [
          {
            id: 'verification.acknowledge',
            title: 'Acknowledge…',
            group,
            keywords: 'break broken history go on',
            run: at('history', () => open({ kind: 'acknowledge' })),
          },
        ]
      : []),
    {
      id: 'witness.key',
      title: "Show this console's witness key",
      group,
      keywords: 'vkey verifier fingerprint',
      run: at('witnesses', () => void exchange.showKey.run()),
    },
    ...(mayRotate
      ? [
          {
            id: 'verification.rotateKey',
            title: 'Rotate the signing key…',
            group,
            run: at('keys', () => open({ kind: 'rotate' })),
          },
        ]
      : []),
    ...(mayManage
      ? [
          {
            id: 'witness.request',
            title: 'Request a cosignature…',
            group,
            keywords: 'witness checkpoint',
            run: at('witnesses', () => void exchange.request.run()),
          },
          {
            id: 'witness.add',
            title: 'Add a cosignature…',
            group,
            keywords: 'witness answer',
            run: at('witnesses', () => void exchange.add.run()),
          },
          {
            id: 'witness.cosign',
            title: 'Cosign a request…',
            group,
            keywords: 'witness checkpoint of another chain',
            run: at('witnesses', () => void exchange.cosign.run()),
          },
          {
            id: 'verification.addFolder',
            title: 'Add a witness folder…',
            group,
            run: at('witnesses', () => void actions.addFolder.run()),
          },
          ...around.witnesses.slice(0, 20).flatMap((witness) => forWitness(witness, actions, at)),
          ...around.folders.map((folder) => ({
            id: `verification.removeFolder ${folder.path}`,
            title: `Remove the witness folder ${folder.path}…`,
            group,
            run: at('witnesses', () => open({ kind: 'remove-folder', folder })),
          })),
        ]
      : []),
  ]);
}

function forWitness(
  witness: KnownWitness,
  { exchange }: VerificationActions,
  at: (section: VerificationSection, run: () => void) => () => void,
): readonly Command[] {
  return [
    {
      id: `witness.request ${witness.vkey}`,
      title: `Request a cosignature of ${witness.name}…`,
      group,
      run: at('witnesses', () => void exchange.request.run(witness.name)),
    },
    {
      id: `witness.remove ${witness.vkey}`,
      title: `Remove the witness ${witness.name}…`,
      group,
      run: at('witnesses', () => exchange.askRemoval(witness)),
    },
  ];
}
