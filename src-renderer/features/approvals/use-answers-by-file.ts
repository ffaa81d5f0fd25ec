import { useState } from 'react';
import type { ForeignRequest } from '#shared/ipc/approval-views.ts';
import { useMay } from '../../bridge/access-provider.tsx';
import { call } from '../../bridge/call.ts';
import { type Action, useAction } from '../../bridge/use-action.ts';
import { useCommands } from '../../commands/command-context.tsx';
import { useToasts } from '../../components/toasts.tsx';

interface AnswersByFile {
  readonly take: Action<readonly []>;
  readonly openFile: Action<readonly []>;
  /** The request that is open here, of another console. */
  readonly foreign: ForeignRequest | null;
  readonly close: () => void;
}

/** Both ends of deciding by file: the answer that came back here, and somebody else's request to answer. */
export function useAnswersByFile(onTaken: () => void): AnswersByFile {
  const toasts = useToasts();
  const mayTake = useMay('investigations.run');
  const [foreign, setForeign] = useState<ForeignRequest | null>(null);
  const take = useAction(async () => {
    const answer = await call('approvals.takeAnswer', {});
    if (answer.cancelled) return;
    const { decision, approvals, required } = answer.value;
    toasts.say(
      decision === null
        ? `The answer is recorded: ${approvals.length} of ${required} approvals`
        : `The answer is recorded: ${decision.outcome}`,
    );
    onTaken();
  });
  const openFile = useAction(async () => {
    const answer = await call('approvals.openRequest', {});
    if (!answer.cancelled) setForeign(answer.value);
  });
  useCommands([
    ...(mayTake
      ? [
          {
            id: 'approvals.takeAnswer',
            title: 'Take answer file…',
            group: 'Approvals',
            keywords: 'decision another console',
            run: () => void take.run(),
          },
        ]
      : []),
    {
      id: 'approvals.openRequest',
      title: 'Open a request file…',
      group: 'Approvals',
      keywords: 'decide for another console',
      run: () => void openFile.run(),
    },
  ]);
  return { take, openFile, foreign, close: () => setForeign(null) };
}
