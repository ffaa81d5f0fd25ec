import { useState } from 'react';
import type { KnownWitness, WitnessFolder } from '#shared/ipc/verification-views.ts';
import type { Verdict } from '#shared/model/verdict.ts';
import { call } from '../../bridge/call.ts';
import { useConsole } from '../../bridge/console-provider.tsx';
import { type Action, useAction } from '../../bridge/use-action.ts';
import { useToasts } from '../../components/toasts.tsx';
import { useHistory } from '../../frame/history-provider.tsx';
import type { VerificationSection } from '../../navigation/route.ts';
import { navigate } from '../../navigation/use-route.ts';
import { useVerificationCommands } from './use-verification-commands.ts';
import { useWitnessExchange, type WitnessExchange } from './use-witness-exchange.ts';
import type { OpenDialog } from './verification-dialogs.tsx';

interface Parts {
  readonly reloadFolders: () => void;
  readonly reloadWitnesses: () => void;
  readonly reloadKeys: () => void;
  readonly reloadSelfTest: () => void;
  readonly reloadCheckpoints: () => void;
  readonly folders: readonly WitnessFolder[];
  readonly witnesses: readonly KnownWitness[];
}

export interface VerificationActions {
  readonly store: Action<readonly []>;
  readonly opened: Action<readonly []>;
  readonly cancel: Action<readonly []>;
  /** The reason, and the ids of the breaks that were shown. */
  readonly acknowledge: Action<readonly [string, readonly string[]]>;
  readonly rotate: Action<readonly [string]>;
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
  const acknowledge = useAction(async (justification: string, breaks: readonly string[]) => {
    await call('verification.acknowledge', { justification, breaks: [...breaks] });
    setDialog(null);
    toasts.say('Acknowledged, and on record. Records are written again.');
    history.reload();
    parts.reloadSelfTest();
    refresh();
  });
  const rotate = useAction(async (justification: string) => {
    await call('verification.rotateKey', { justification });
    setDialog(null);
    toasts.say('The key was rotated, and that is on record.');
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
