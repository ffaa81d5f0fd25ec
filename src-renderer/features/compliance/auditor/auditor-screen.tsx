import { useMemo, useState } from 'react';
import type { BundleView } from '#shared/ipc/compliance-views.ts';
import { Button } from '../../../components/button.tsx';
import { ScreenTitle } from '../../../components/screen-title.tsx';
import { StateTag } from '../../../components/state-tag.tsx';
import { EmptyState } from '../../../components/states.tsx';
import { formatPlural } from '../../../format/numbers.ts';
import { ConfirmDialog } from '../../verification/confirm-dialog.tsx';
import { BundleFacts, BundleFiles } from './bundle-facts.tsx';
import { BundleReport } from './bundle-report.tsx';
import { BUNDLE_WORDS } from './bundle-words.ts';
import { drafted, finishedNotes, type NoteDrafts, putDraft } from './note-drafts.ts';
import { NotesContext } from './notes-context.ts';
import { SaveNotesDialog } from './save-notes-dialog.tsx';
import { useBundleReperform } from './use-bundle-reperform.ts';

interface AuditorScreenProps {
  readonly bundle: BundleView;
  readonly onLeave: () => void;
}

const NOTHING: NoteDrafts = new Map();

/** A bundle as an auditor works on it, without an account: checked, recomputed, noted on. */
export function AuditorScreen({ bundle, onLeave }: AuditorScreenProps) {
  const [drafts, setDrafts] = useState<NoteDrafts>(NOTHING);
  const [kept, setKept] = useState(() => drafted(NOTHING));
  const [auditor, setAuditor] = useState('');
  const [dialog, setDialog] = useState<'save' | 'leave' | null>(null);
  const reperforming = useBundleReperform();
  const notes = useMemo(
    () => ({ drafts, write: (draft: Parameters<typeof putDraft>[1]) => setDrafts((all) => putDraft(all, draft)) }),
    [drafts],
  );
  const finished = finishedNotes(drafts);
  const unsaved = drafts.size > 0 && drafted(drafts) !== kept;
  return (
    <main className="screen auditor">
      <div className="auditor-sheet">
        <div className="screen-head auditor-head">
          <div className="head-text">
            <div className="title-line">
              <ScreenTitle page="Bundle">{`Bundle of ${bundle.tenant}`}</ScreenTitle>
              <StateTag state={BUNDLE_WORDS[bundle.verdict]} />
            </div>
            <p className="sub" title={bundle.folder}>
              {bundle.folder}
            </p>
          </div>
          <div className="row-actions">
            <span className="sub num" role="status">
              {drafts.size === 0 ? '' : `${formatPlural(drafts.size, 'note')}${unsaved ? ', not saved' : ', saved'}`}
            </span>
            <Button onPress={unsaved ? () => setDialog('leave') : onLeave}>Leave</Button>
            <Button look="primary" disabled={finished.length === 0} onPress={() => setDialog('save')}>
              Save notes…
            </Button>
          </div>
        </div>
        <BundleFacts bundle={bundle} />
        <BundleFiles bundle={bundle} />
        <NotesContext value={notes}>
          {bundle.reports.length === 0 ? (
            <section className="panel" aria-label="Reports">
              <EmptyState title="No report can be read in this bundle">
                <p>The list of files above says what became of them.</p>
              </EmptyState>
            </section>
          ) : null}
          {bundle.reports.map((report) => (
            <BundleReport key={report.file} report={report} reperforming={reperforming} />
          ))}
        </NotesContext>
      </div>
      {dialog === 'save' ? (
        <SaveNotesDialog
          notes={finished}
          unfinished={drafts.size - finished.length}
          auditor={auditor}
          onAuditor={setAuditor}
          onSaved={() => setKept(drafted(drafts))}
          onClose={() => setDialog(null)}
        />
      ) : null}
      {dialog === 'leave' ? (
        <ConfirmDialog
          title="Leave without saving your notes?"
          lead="Notes are kept only while the bundle is open here. What was not saved is gone once you leave."
          action="Leave, and drop the notes"
          look="reject"
          busy={false}
          error={null}
          failed=""
          onConfirm={onLeave}
          onClose={() => setDialog(null)}
        >
          <p>{formatPlural(drafts.size, 'note')} written, of which the last changes are in no file.</p>
        </ConfirmDialog>
      ) : null}
    </main>
  );
}
