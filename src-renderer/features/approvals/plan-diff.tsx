import type { PlanStep } from '#shared/model/plan.ts';
import { resourceOfArn } from '../../format/digests.ts';

interface PlanDiffProps {
  readonly steps: readonly PlanStep[];
  /** Without the parameters of each call. */
  readonly compact?: boolean;
}

/** The exact difference, call by call: what each value is and what it will be. */
export function PlanDiff({ steps, compact = false }: PlanDiffProps) {
  return (
    <div className="diff">
      {steps.map((step, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: steps are told apart by their place in the plan
        <div key={index} className="diff-step">
          <div className="diff-head" title={step.resource}>
            <span>
              {steps.length > 1 ? `${index + 1}. ` : ''}
              {step.operation}
            </span>
            <span className="diff-resource">{resourceOfArn(step.resource)}</span>
          </div>
          {step.changes.map((change) => (
            <dl key={change.field} className="diff-change">
              <dt>{change.field}</dt>
              <dd className="diff-before">
                <span className="visually-hidden">before: </span>
                <span aria-hidden="true">− </span>
                <DiffValue value={change.before} compact={compact} />
              </dd>
              <dd className="diff-after">
                <span className="visually-hidden">after: </span>
                <span aria-hidden="true">+ </span>
                <DiffValue value={change.after} compact={compact} />
              </dd>
            </dl>
          ))}
          {compact ? null : (
            <details className="diff-all">
              <summary>Everything this call sends</summary>
              <dl>
                <dt>resource</dt>
                <dd>{step.resource}</dd>
                {Object.entries(step.parameters).map(([name, value]) => (
                  <div key={name}>
                    <dt>{name}</dt>
                    <dd>{String(value)}</dd>
                  </div>
                ))}
              </dl>
            </details>
          )}
        </div>
      ))}
    </div>
  );
}

/** A value as it is; where room is scarce, an ARN by its resource with the whole of it on hover. */
function DiffValue({ value, compact }: { readonly value: string | null; readonly compact: boolean }) {
  if (value === null) return <em>absent</em>;
  return compact && value.startsWith('arn:') ? <span title={value}>{resourceOfArn(value)}</span> : value;
}
