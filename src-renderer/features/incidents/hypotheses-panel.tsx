import type { EvidenceInfo } from '#shared/model/evidence.ts';
import type { Claim, Hypothesis, Investigation } from '#shared/model/investigation.ts';
import { Panel } from '../../components/panel.tsx';
import { ShapeIcon } from '../../components/shape-icon.tsx';
import { Loading } from '../../components/states.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { formatPlural, formatRatio } from '../../format/numbers.ts';
import { CitationChips } from './citation-chip.tsx';

/** What may be the cause, ranked, each with what speaks for and against it; and what could not be established. */
export function HypothesesPanel({ investigation }: { readonly investigation: Investigation }) {
  const { hypotheses, considered, abstained, needed, evidence, method, status } = investigation;
  const running = status === 'running';
  return (
    <Panel
      title="Root-cause hypotheses"
      aside={
        running && hypotheses.length === 0
          ? ''
          : `${formatPlural(considered, 'service')} considered${method === null ? '' : ` · ${method.name} ${method.version}`}`
      }
    >
      {abstained ? (
        <p className="notice">
          <ShapeIcon shape="diamond" />
          <span>
            <strong>No cause is named.</strong> Nothing stands out enough; what follows is the ranking as far as it
            goes.
          </span>
        </p>
      ) : null}
      {hypotheses.length === 0 ? (
        <div className="pad">
          {running ? (
            <Loading what="The agents are collecting; ranking follows." />
          ) : (
            <p className="faint">No hypothesis was reached.</p>
          )}
        </div>
      ) : (
        <ol className="hypotheses">
          {hypotheses.map((hypothesis) => (
            <HypothesisRow key={hypothesis.id} hypothesis={hypothesis} evidence={evidence} />
          ))}
        </ol>
      )}
      {needed.length === 0 ? null : (
        <div className="needed">
          <h3>What could not be established</h3>
          <ul>
            {needed.map((need) => (
              <li key={need}>{need}</li>
            ))}
          </ul>
        </div>
      )}
    </Panel>
  );
}

interface HypothesisRowProps {
  readonly hypothesis: Hypothesis;
  readonly evidence: readonly EvidenceInfo[];
}

function HypothesisRow({ hypothesis, evidence }: HypothesisRowProps) {
  const { change } = hypothesis;
  return (
    <li className="hypothesis">
      <span className="rank num">{hypothesis.rank}</span>
      <div className="hypothesis-body">
        <h3>{hypothesis.title}</h3>
        {change === null && hypothesis.onsetAt === null ? null : (
          <p className="faint facts-line">
            {hypothesis.onsetAt === null ? null : (
              <span>
                unusual since <TimeText iso={hypothesis.onsetAt} />
              </span>
            )}
            {change === null ? null : (
              <span>
                {change.kind} at <TimeText iso={change.time} />
                {change.from === null && change.to === null ? null : (
                  <code className="wrap">
                    {' '}
                    {change.from ?? '–'} → {change.to ?? '–'}
                  </code>
                )}
              </span>
            )}
          </p>
        )}
      </div>
      <div className="confidence">
        <span className="num">{formatRatio(hypothesis.confidence)}</span>
        <span className="bar" aria-hidden="true">
          <span style={{ width: `${Number(hypothesis.confidence) * 100}%` }} />
        </span>
        <span className="faint">confidence</span>
      </div>
      <div className="hypothesis-claims">
        <Claims title="For" claims={hypothesis.for} evidence={evidence} />
        <Claims title="Against" claims={hypothesis.against} evidence={evidence} />
      </div>
    </li>
  );
}

interface ClaimsProps {
  readonly title: 'For' | 'Against';
  readonly claims: readonly Claim[];
  readonly evidence: readonly EvidenceInfo[];
}

function Claims({ title, claims, evidence }: ClaimsProps) {
  if (claims.length === 0) return null;
  return (
    <div className={`claims claims-${title.toLowerCase()}`}>
      <span className="claims-title">{title}</span>
      <ul>
        {claims.map((claim) => (
          <li key={`${claim.kind} ${claim.text}`}>
            {claim.text} <CitationChips citations={claim.citations} evidence={evidence} />
          </li>
        ))}
      </ul>
    </div>
  );
}
