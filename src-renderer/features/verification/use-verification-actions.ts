import { useState } from 'react';
import type { ProtectionOutcome } from '#shared/ipc/protection-views.ts';
import type { KnownWitness, WitnessFolder } from '#shared/ipc/verification-views.ts';
import type { Verdict } from '#shared/model/verdict.ts';
import { call } from '../../bridge/call.ts';
import { useConsole } from '../../bridge/console-provider.tsx';
import { type Action, useAction } from '../../bridge/use-action.ts';
import { useToasts } from '../../components/toasts.tsx';
import { useHistory } from '../../frame/history-provider.tsx';
import type { VerificationSection } from '../../navigation/route.ts';
import { navigate } from '../../navigation/use-route.ts';
import type { Justified } from '../approvals/justified-form.tsx';
import { useVerificationCommands } from './use-verification-commands.ts';
import { useWitnessExchange, type WitnessExchange } from './use-witness-exchange.ts';
import type { OpenDialog } from './verification-dialogs.tsx';

interface Parts {
  readonly reloadFolders: () => void;
  readonly reloadWitnesses: () => void;
  readonly reloadKeys: () => void;
  readonly reloadSelfTest: () => void;
  readonly reloadCheckpoints: () => void;
  readonly reloadProtections: () => void;
  readonly folders: readonly WitnessFolder[];
  readonly witnesses: readonly KnownWitness[];
}

export interface VerificationActions {
  readonly store: Action<readonly []>;
  readonly opened: Action<readonly []>;
  readonly cancel: Action<readonly []>;
  /** The reason, and the ids of the breaks that were shown. */
  readonly acknowledge: Action<readonly [Justified, readonly string[]]>;
  readonly rotate: Action<readonly [Justified]>;
  readonly addFolder: Action<readonly []>;
  readonly removeFolder: Action<readonly [string]>;
  readonly exchange: WitnessExchange;
  /** Verdicts of this visit, on the own chain and on a file. */
  readonly own: Verdict | null;
  readonly file: Verdict | null;
  readonly clearOwn: () => void;
  readonly clearFile: () => void;
  readonly dialog: OpenDialog | null;
  readonly open: (dialog: OpenDialog | null) => void;
}

const goTo = (section: VerificationSection) => navigate({ screen: 'verification', section });

/** Everything that can be done on the screen, offered as commands too; each leads to the part where its result stands. */
export function useVerificationActions(parts: Parts): VerificationActions {
  const { refresh } = useConsole();
  const history = useHistory();
  const toasts = useToasts();
  const [own, setOwn] = useState<Verdict | null>(null);
  const [file, setFile] = useState<Verdict | null>(null);
  const [dialog, setDialog] = useState<OpenDialog | null>(null);

  const store = useAction(async () => {
    goTo('history');
    const answer = await call('chain.verify', {});
    if (answer.cancelled) toasts.say('Verification cancelled; nothing is known beyond the last one');
    else setOwn(answer.verdict);
    refresh();
  });
  const opened = useAction(async () => {
    const answer = await call('chain.verifyFile', {});
    if (answer.cancelled) return;
    setFile(answer.verdict);
    goTo('files');
  });
  const cancel = useAction(async () => {
    await call('chain.cancelVerify', {});
  });
  /** Two people are needed: what was asked for waits, except where there is only one. */
  const settle = (outcome: ProtectionOutcome, done: string) => {
    setDialog(outcome.state === 'waiting' ? { kind: 'waiting', request: outcome.request } : null);
    if (outcome.state === 'done') toasts.say(done);
    parts.reloadProtections();
  };
  const acknowledge = useAction(async ({ justification, proof }: Justified, breaks: readonly string[]) => {
    const outcome = await call('verification.acknowledge', {
      justification,
      breaks: [...breaks],
      reauthentication: proof,
    });
    settle(outcome, 'Acknowledged, and on record. Records are written again.');
    history.reload();
    parts.reloadSelfTest();
    refresh();
  });
  const rotate = useAction(async ({ justification, proof }: Justified) => {
    settle(
      await call('verification.rotateKey', { justification, reauthentication: proof }),
      'The key was rotated, and that is on record.',
    );
    parts.reloadKeys();
    refresh();
  });
  const addFolder = useAction(async () => {
    const answer = await call('verification.addFolder', {});
    if (!answer.cancelled) parts.reloadFolders();
  });
  const removeFolder = useAction(async (path: string) => {
    await call('verification.removeFolder', { path });
    setDialog(null);
    parts.reloadFolders();
  });
  const exchange = useWitnessExchange(() => {
    parts.reloadWitnesses();
    parts.reloadCheckpoints();
  });
  const open = (asked: OpenDialog | null) => {
    for (const action of [acknowledge, rotate, removeFolder]) action.clear();
    setDialog(asked);
  };

  const actions: VerificationActions = {
    store,
    opened,
    cancel,
    acknowledge,
    rotate,
    addFolder,
    removeFolder,
    exchange,
    own,
    file,
    clearOwn: () => setOwn(null),
    clearFile: () => setFile(null),
    dialog,
    open,
  };
  useVerificationCommands(actions, { ...parts, blocked: history.standing?.state === 'blocked', goTo });
  return actions;
}
