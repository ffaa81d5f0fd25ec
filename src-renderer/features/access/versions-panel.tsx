import type { PersonView } from '#shared/ipc/access-views.ts';
import type { PolicyVersionView } from '#shared/ipc/protection-views.ts';
import { Button } from '../../components/button.tsx';
import { HashText } from '../../components/hash-text.tsx';
import { Panel } from '../../components/panel.tsx';
import { StateTag } from '../../components/state-tag.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { formatCount } from '../../format/numbers.ts';
import { nameOf } from './people-names.ts';

interface VersionsPanelProps {
  readonly versions: readonly PolicyVersionView[];
  readonly people: readonly PersonView[];
  readonly onCompare: (before: PolicyVersionView, after: PolicyVersionView) => void;
}

/** Every version there was, newest first, and who agreed to it. */
export function VersionsPanel({ versions, people, onCompare }: VersionsPanelProps) {
  const newest = versions.toSorted((a, b) => b.number - a.number);
  return (
    <Panel title="Versions" className="list-section">
      <table>
        <thead>
          <tr>
            <th scope="col" className="right">
              Version
            </th>
            <th scope="col">Digest</th>
            <th scope="col">In force since</th>
            <th scope="col">Approved by</th>
            <th scope="col">State</th>
            <th scope="col">
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {newest.map((version, index) => {
            const before = newest[index + 1];
            return (
              <tr key={`${version.number} ${version.version}`}>
                <td className="right num">{formatCount(version.number)}</td>
                <td>
                  <HashText value={version.version} what={`Digest of version ${version.number}`} />
                </td>
                <td>
                  <TimeText iso={version.since} />
                </td>
                <td className="external-wrap">
                  {version.approvedBy.length === 0 ? (
                    <span className="faint">came with Causeway</span>
                  ) : (
                    version.approvedBy.map((id) => nameOf(people, id)).join(', ')
                  )}
                </td>
                <td>
                  <StateTag
                    quiet
                    state={
                      version.inForce
                        ? { word: 'In force', tone: 'good', shape: 'check' }
                        : { word: 'Before', tone: 'calm', shape: 'dash' }
                    }
                  />
                </td>
                <td className="cell-actions">
                  {before === undefined ? null : (
                    <Button
                      look="ghost"
                      label={`What changed in version ${version.number}…`}
                      onPress={() => onCompare(before, version)}
                    >
                      What changed…
                    </Button>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Panel>
  );
}
