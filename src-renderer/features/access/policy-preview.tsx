import type { z } from 'zod';
import type { PolicyPreview as Preview } from '#shared/ipc/protection-views.ts';
import { PersonText } from '../../components/person-text.tsx';
import { ShapeIcon } from '../../components/shape-icon.tsx';
import { StateTag } from '../../components/state-tag.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { formatCount, formatPlural } from '../../format/numbers.ts';
import type { StateWord } from '../../format/words.ts';
import { DiffView } from './diff-view.tsx';
import { agentName } from './lease-table.tsx';

type PreviewValue = z.infer<typeof Preview>;
type DryRun = PreviewValue['dryRun'];

const VERDICTS: Readonly<Record<'allow' | 'deny', StateWord>> = {
  allow: { word: 'Allowed', tone: 'good', shape: 'check' },
  deny: { word: 'Denied', tone: 'bad', shape: 'cross' },
};

/** What a changed policy would mean: what is wrong with it, what differs, and what it would have decided otherwise. */
export function PolicyPreview({ preview }: { readonly preview: PreviewValue }) {
  const { problems, difference, dryRun, version } = preview;
  return (
    <div className="preview">
      {problems.length === 0 && version !== null ? null : (
        <section className="error-panel" aria-label="Problems of the policy">
          <span className="error-mark">
            <ShapeIcon shape="bang" />
          </span>
          <div>
            <strong>It cannot be used as it is</strong>
            <ul className="meaning">
              {problems.map((problem) => (
                <li key={problem} className="wrap">
                  {problem}
                </li>
              ))}
            </ul>
          </div>
        </section>
      )}
      <section aria-label="Difference to the policy in force">
        <h3>What differs</h3>
        <DiffView lines={difference} label="Difference line by line" />
      </section>
      {version === null ? null : <DryRunPart dryRun={dryRun} />}
    </div>
  );
}

function DryRunPart({ dryRun }: { readonly dryRun: DryRun }) {
  const { changed, changedTotal, decisions, notReplayable, from } = dryRun;
  return (
    <section className="stack-tight" aria-label="Dry run">
      <h3>What it would have decided since {<TimeText iso={from} />}</h3>
      <p className="num">
        {decisions === 0
          ? 'No decision of that time can be replayed.'
          : changedTotal === 0
            ? `Nothing otherwise: all ${formatPlural(decisions, 'decision')} come out as they did.`
            : `${formatCount(changedTotal)} of ${formatPlural(decisions, 'decision')} would have come out otherwise.`}
        {notReplayable === 0
          ? ''
          : ` ${formatPlural(notReplayable, 'more cannot', 'more cannot')} be replayed, because what was asked was not kept.`}
      </p>
      {changed.length === 0 ? null : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
        <section className="table-scroll" tabIndex={0} aria-label="Decisions that would come out otherwise">
          <table>
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col">Who</th>
                <th scope="col">What, on what</th>
                <th scope="col">Was</th>
                <th scope="col">Would be</th>
                <th scope="col">Because</th>
              </tr>
            </thead>
            <tbody>
              {changed.map((one, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: two decisions may agree in everything shown
                <tr key={index}>
                  <td>
                    <TimeText iso={one.at} />
                  </td>
                  <td className="wrap">
                    <PrincipalText principal={one.principal} />
                  </td>
                  <td>
                    <code className="wrap">{one.action}</code>
                    <code className="block faint wrap">{one.resource}</code>
                  </td>
                  <td>
                    <StateTag quiet state={VERDICTS[one.was]} />
                  </td>
                  <td>
                    <StateTag quiet state={VERDICTS[one.wouldBe]} />
                  </td>
                  <td className="wrap">{one.reason}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {changedTotal > changed.length ? (
        <p className="faint num">The newest {formatCount(changed.length)} are shown.</p>
      ) : null}
    </section>
  );
}

/** Who asked, as the policies name it: people by their name, agents as they are called elsewhere. */
function PrincipalText({ principal }: { readonly principal: string }) {
  const [type, id = ''] = principal.split('::');
  if (type === 'User') return <PersonText id={id} />;
  return type === 'Agent' ? agentName(id) : principal;
}
