import { useState } from 'react';
import type { ProtectionKind } from '#shared/ipc/protection-views.ts';
import { call } from '../../bridge/call.ts';
import { useConsole } from '../../bridge/console-provider.tsx';
import { useQuery } from '../../bridge/use-query.ts';
import { Button, CommandButton } from '../../components/button.tsx';
import { Panel } from '../../components/panel.tsx';
import { ScreenTitle } from '../../components/screen-title.tsx';
import { StateTag } from '../../components/state-tag.tsx';
import { ErrorPanel, Loading } from '../../components/states.tsx';
import { useHistory } from '../../frame/history-provider.tsx';
import type { VerificationSection } from '../../navigation/route.ts';
import { useProtections } from '../access/use-protections.ts';
import { WaitingNotice } from '../access/waiting-notice.tsx';
import { BreaksPanel } from './breaks-panel.tsx';
import { CheckpointsSection } from './checkpoints-section.tsx';
import { extendCoverage } from './coverage-band.ts';
import { CoveragePanel } from './coverage-panel.tsx';
import { FilesSection } from './files-section.tsx';
import { FoldersPanel } from './folders-panel.tsx';
import { HistoryFacts } from './history-facts.tsx';
import { KeysSection } from './keys-section.tsx';
import { markSections } from './section-marks.ts';
import { VerificationNav } from './section-nav.tsx';
import { SelfTestSection } from './self-test-section.tsx';
import { wordStanding } from './standing-words.ts';
import { useVerificationActions } from './use-verification-actions.ts';
import { VerdictView } from './verdict-view.tsx';
import { VerificationDialogs } from './verification-dialogs.tsx';
import { VerifyProgress } from './verify-progress.tsx';
import { OwnWitnessPanel, WitnessesPanel } from './witnesses-section.tsx';

/** Which change of the protections belongs to which part. */
const WAITS: Partial<Record<VerificationSection, ProtectionKind>> = {
  history: 'break-acknowledgement',
  keys: 'key-rotation',
};

/** Whether what is on record is what was recorded: how the own history stands, who else has seen it, and any file. */
export function VerificationScreen({ section }: { readonly section: VerificationSection }) {
  const { chain, verifying } = useConsole();
  const history = useHistory();
  const { standing } = history;
  const coverage = history.coverage === null ? null : extendCoverage(history.coverage, chain.records);
  const [round, setRound] = useState(0);
  const folders = useQuery('folders', () => call('verification.folders', {}));
  const witnesses = useQuery('witnesses', () => call('verification.witnesses', {}));
  const keys = useQuery('keys', () => call('verification.keys', {}));
  const selfTest = useQuery('self-test', () => call('verification.selfTest', {}));
  const protections = useProtections();
  const actions = useVerificationActions({
    reloadProtections: protections.reload,
    reloadFolders: folders.reload,
    reloadWitnesses: witnesses.reload,
    reloadKeys: keys.reload,
    reloadSelfTest: selfTest.reload,
    reloadCheckpoints: () => setRound((value) => value + 1),
    folders: folders.data ?? [],
    witnesses: witnesses.data ?? [],
  });
  const { store, opened, cancel } = actions;
  const words = standing === null ? null : wordStanding(standing, coverage);
  const marks = markSections({
    standing,
    coverage,
    witnesses: witnesses.data,
    folders: folders.data,
    keys: keys.data,
    selfTest: selfTest.data,
  });

  return (
    <main className="screen verification">
      <div className="screen-head">
        <div className="head-text">
          <div className="title-line">
            <ScreenTitle page="Verification">Verification</ScreenTitle>
            {words === null ? null : <StateTag state={words.state} />}
          </div>
          <p className="sub">{words?.sentence ?? (history.error === null ? 'Asking how the history stands…' : '')}</p>
        </div>
        <div className="row-actions">
          <CommandButton command="chain.verifyFile" busy={opened.busy} busyLabel="Verifying a file…" />
          <CommandButton command="chain.verify" look="primary" busy={store.busy} busyLabel="Verifying…" />
        </div>
      </div>
      {history.error === null ? null : (
        <ErrorPanel error={history.error} title="How the history stands could not be read" onRetry={history.reload} />
      )}
      {cancel.error === null ? null : <ErrorPanel error={cancel.error} title="The verification was not cancelled" />}
      {store.error === null ? null : (
        <ErrorPanel error={store.error} title="The chain could not be verified" onDismiss={store.clear} />
      )}
      {opened.error === null ? null : (
        <ErrorPanel error={opened.error} title="The file could not be verified" onDismiss={opened.clear} />
      )}
      {store.busy || opened.busy ? (
        <div className="panel">
          <VerifyProgress progress={verifying} onCancel={() => void cancel.run()} />
        </div>
      ) : null}
      <VerificationNav current={section} marks={marks} />
      <div className="stack">
        {protections.data
          ?.filter(({ kind }) => kind === WAITS[section])
          .map((request) => (
            <WaitingNotice key={request.id} request={request} />
          ))}
        {section === 'history' ? (
          <>
            <HistoryFacts />
            {actions.own === null ? null : (
              <Panel
                title="The verification you asked for"
                aside={
                  <Button look="ghost" onPress={actions.clearOwn}>
                    Clear this verdict
                  </Button>
                }
              >
                <VerdictView verdict={actions.own} what="store" recorded={standing?.state !== 'blocked'} />
              </Panel>
            )}
            {standing === null && history.error === null ? <Loading what="Asking how the history stands…" /> : null}
            {standing === null || standing.breaks.length === 0 ? null : <BreaksPanel standing={standing} />}
            <CoveragePanel coverage={coverage} />
          </>
        ) : null}
        {section === 'checkpoints' ? <CheckpointsSection round={round} /> : null}
        {section === 'witnesses' ? (
          <>
            <WitnessesPanel known={witnesses} exchange={actions.exchange} />
            <OwnWitnessPanel exchange={actions.exchange} />
            <FoldersPanel
              folders={folders}
              adding={actions.addFolder}
              onRemove={(folder) => actions.open({ kind: 'remove-folder', folder })}
            />
          </>
        ) : null}
        {section === 'keys' ? <KeysSection keys={keys} /> : null}
        {section === 'self-test' ? <SelfTestSection test={selfTest} /> : null}
        {section === 'files' ? (
          <FilesSection verdict={actions.file} recorded={standing?.state !== 'blocked'} onClear={actions.clearFile} />
        ) : null}
      </div>
      <VerificationDialogs
        open={actions.dialog}
        standing={standing}
        keyId={chain.keyId}
        acknowledging={actions.acknowledge}
        rotating={actions.rotate}
        removingFolder={actions.removeFolder}
        exchange={actions.exchange}
        onClose={() => actions.open(null)}
      />
    </main>
  );
}
