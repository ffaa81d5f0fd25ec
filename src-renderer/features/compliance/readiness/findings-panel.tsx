import type { PreflightFinding } from '#shared/ipc/compliance-views.ts';
import { Panel } from '../../../components/panel.tsx';
import { StateTag } from '../../../components/state-tag.tsx';
import { EmptyState } from '../../../components/states.tsx';
import { formatCount } from '../../../format/numbers.ts';
import { FINDING_WORDS } from '../compliance-words.ts';
import { ControlLink } from '../parts/links.tsx';

/** What an auditor would send back or ask about, before they do. */
export function FindingsPanel({ findings }: { readonly findings: readonly PreflightFinding[] }) {
  const back = findings.filter(({ level }) => level === 'sent-back');
  const asked = findings.filter(({ level }) => level === 'asked-about');
  return (
    <Panel
      title="Before the auditor says it"
      className="list-section"
      aside={
        findings.length === 0 ? undefined : (
          <span className="num">
            {formatCount(back.length)} to be sent back, {formatCount(asked.length)} to be asked about
          </span>
        )
      }
    >
      {findings.length === 0 ? (
        <EmptyState title="Nothing an auditor would send back">
          <p>
            Looked for: missing owners, work reviewed by those who did it, undated or late evidence, files that are not
            kept.
          </p>
        </EmptyState>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">An auditor</th>
              <th scope="col">What</th>
              <th scope="col">What to do</th>
              <th scope="col">Control</th>
            </tr>
          </thead>
          <tbody>
            {[...back, ...asked].map((finding) => (
              <tr key={finding.id}>
                <td>
                  <StateTag quiet state={FINDING_WORDS[finding.level]} />
                </td>
                <td className="external-wrap">{finding.text}</td>
                <td className="external-wrap">{finding.remedy}</td>
                <td>
                  {finding.control === null ? (
                    <span className="faint">none</span>
                  ) : (
                    <ControlLink id={finding.control} />
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}
