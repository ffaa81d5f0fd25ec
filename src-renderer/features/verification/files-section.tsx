import type { Verdict } from '#shared/model/verdict.ts';
import { Button, CommandButton } from '../../components/button.tsx';
import { Panel } from '../../components/panel.tsx';
import { EmptyState } from '../../components/states.tsx';
import { VerdictView } from './verdict-view.tsx';

interface FilesProps {
  readonly verdict: Verdict | null;
  readonly recorded: boolean;
  readonly onClear: () => void;
}

/** A chain, a range or an extract in a file, judged here. */
export function FilesSection({ verdict, recorded, onClear }: FilesProps) {
  return (
    <Panel
      title="A chain file"
      aside={
        verdict === null ? undefined : (
          <Button look="ghost" onPress={onClear}>
            Clear this verdict
          </Button>
        )
      }
    >
      {verdict === null ? (
        <EmptyState title="No file opened">
          <p>
            Open an exported chain, a range or an extract, yours or one you were given. It is read and judged here;
            nothing leaves this computer.
          </p>
          <CommandButton command="chain.verifyFile" />
        </EmptyState>
      ) : (
        <VerdictView verdict={verdict} what="file" recorded={recorded} />
      )}
    </Panel>
  );
}
