import type { WitnessFolder } from '#shared/ipc/verification-views.ts';
import { useMay } from '../../bridge/access-provider.tsx';
import type { Action } from '../../bridge/use-action.ts';
import type { Query } from '../../bridge/use-query.ts';
import { Button, CommandButton } from '../../components/button.tsx';
import { Panel } from '../../components/panel.tsx';
import { StateTag } from '../../components/state-tag.tsx';
import { EmptyState, ErrorPanel, Loading } from '../../components/states.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { formatCount } from '../../format/numbers.ts';
import { FOLDER_WORDS } from './standing-words.ts';

interface FoldersProps {
  readonly folders: Query<readonly WitnessFolder[]>;
  readonly adding: Action<readonly []>;
  readonly onRemove: (folder: WitnessFolder) => void;
}

/** Folders elsewhere that get every checkpoint: a database rolled back with its own folder is told by them. */
export function FoldersPanel({ folders, adding, onRemove }: FoldersProps) {
  const { data } = folders;
  const mayManage = useMay('witness.manage');
  return (
    <Panel
      title="Witness folders"
      className="list-section"
      aside={<CommandButton command="verification.addFolder" busy={adding.busy} busyLabel="Adding…" />}
    >
      {adding.error === null ? null : (
        <ErrorPanel error={adding.error} title="The folder was not added" onDismiss={adding.clear} />
      )}
      {folders.error === null ? null : (
        <ErrorPanel error={folders.error} title="The folders could not be read" onRetry={folders.reload} />
      )}
      {data === null && folders.loading ? <Loading what="Reading folders…" /> : null}
      {data === null ? null : data.length === 0 ? (
        <EmptyState title="No folder is given the checkpoints">
          <p>
            Choose one that is not restored together with this computer: a network share, a synchronised folder, a
            stick. Each checkpoint is written there too, and compared at every start.
          </p>
        </EmptyState>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">Folder</th>
              <th scope="col">State</th>
              <th scope="col" className="right">
                Records
              </th>
              <th scope="col">Written</th>
              <th scope="col">
                <span className="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {data.map((folder) => (
              <tr key={folder.path}>
                <td className="wrap">
                  <code className="wrap">{folder.path}</code>
                  <span className="block faint wrap">{folder.detail}</span>
                </td>
                <td>
                  <StateTag state={FOLDER_WORDS[folder.state]} quiet />
                </td>
                <td className="right num">{folder.size === null ? '–' : formatCount(folder.size)}</td>
                <td>{folder.at === null ? '–' : <TimeText iso={folder.at} />}</td>
                <td className="cell-actions">
                  {mayManage ? (
                    <Button look="ghost" label={`Remove the folder ${folder.path}…`} onPress={() => onRemove(folder)}>
                      Remove…
                    </Button>
                  ) : null}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}
