import type { PreflightFinding } from '#shared/ipc/compliance-views.ts';
import { ShapeIcon } from '../../../components/shape-icon.tsx';
import { StateTag } from '../../../components/state-tag.tsx';
import { ErrorPanel, Loading } from '../../../components/states.tsx';
import { formatPlural } from '../../../format/numbers.ts';
import { formatRoute } from '../../../navigation/route.ts';
import { printTimes } from '../parts/sentence-times.ts';
import { FINDING_WORDS } from './report-words.ts';
import type { Preflight } from './use-preflight.ts';

/** What an auditor would say of the report as it is chosen now. */
export function PreflightList({
  preflight,
  problem,
}: {
  readonly preflight: Preflight;
  readonly problem: string | null;
}) {
  const { findings, error, asking } = preflight;
  if (problem !== null) return <p className="pad sub">{problem}</p>;
  if (error !== null) {
    return (
      <div className="pad">
        <ErrorPanel error={error} title="It could not be looked at" onRetry={preflight.retry} />
      </div>
    );
  }
  if (findings === null) return asking ? <Loading what="Looking at it as an auditor would…" /> : null;
  if (findings.length === 0) {
    return (
      <p className="pad preflight-clear" role="status">
        <span className="tone-good">
          <ShapeIcon shape="check" />
        </span>
        Nothing in it that an auditor would send back.
      </p>
    );
  }
  const back = findings.filter(({ level }) => level === 'sent-back').length;
  return (
    <div className="preflight">
      <p className="sub" role="status">
        {back === 0 ? 'Nothing would be sent back' : `${formatPlural(back, 'thing')} would be sent back`}
        {findings.length === back ? '.' : `, ${formatPlural(findings.length - back, 'thing')} asked about.`}
      </p>
      <ul>
        {[...findings].sort(byWeight).map((finding) => (
          <Finding key={finding.id} finding={finding} />
        ))}
      </ul>
    </div>
  );
}

const byWeight = (a: PreflightFinding, b: PreflightFinding): number =>
  Number(b.level === 'sent-back') - Number(a.level === 'sent-back');

function Finding({ finding }: { readonly finding: PreflightFinding }) {
  const { control } = finding;
  return (
    <li className="finding">
      <div className="finding-head">
        <StateTag quiet state={FINDING_WORDS[finding.level]} />
        {control === null ? null : (
          <a href={formatRoute({ screen: 'compliance', section: 'controls', id: control })}>{control}</a>
        )}
      </div>
      <p className="wrap">{printTimes(finding.text)}</p>
      <p className="sub wrap">{finding.remedy}</p>
    </li>
  );
}
