import type { MadeReport, NotesView } from '#shared/ipc/compliance-views.ts';
import { useMay } from '../../../bridge/access-provider.tsx';
import { call } from '../../../bridge/call.ts';
import { useConsoleEvents } from '../../../bridge/events.ts';
import { useQuery } from '../../../bridge/use-query.ts';
import { useCommands } from '../../../commands/command-context.tsx';
import { Panel } from '../../../components/panel.tsx';
import { EmptyState } from '../../../components/states.tsx';
import { BundleMaker } from './bundle-maker.tsx';
import { NotesPanel } from './notes-panel.tsx';
import { useTakeNotes } from './use-take-notes.ts';

const NONE: readonly MadeReport[] = [];

/** What goes to an auditor, and what comes back. */
export function AuditorSection() {
  const mayMake = useMay('reports.make');
  const notes = useQuery<readonly NotesView[]>('auditor notes', () => call('notes.list', {}));
  const made = useQuery<readonly MadeReport[]>('reports made', () => call('reports.list', {}));
  const taking = useTakeNotes(notes.reload);
  useConsoleEvents((event) => {
    if (event.type !== 'compliance') return;
    notes.reload();
    made.reload();
  });
  useCommands([
    {
      id: 'notes.take',
      title: 'Take in notes…',
      group: 'Auditor',
      permission: 'reports.make',
      keywords: 'auditor accepted flagged question import',
      run: () => void taking.take.run(),
    },
  ]);
  return (
    <>
      {mayMake ? (
        <BundleMaker onMade={made.reload} />
      ) : (
        <Panel title="A bundle for the auditor">
          <EmptyState title="Making bundles is not part of your role">
            <p>Whoever makes reports in this workspace can make one. What came back is below.</p>
          </EmptyState>
        </Panel>
      )}
      <NotesPanel query={notes} made={made.data ?? NONE} taking={taking} />
    </>
  );
}
