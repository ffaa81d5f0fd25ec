import type { FrameworkSummary } from '#shared/ipc/compliance-views.ts';
import { formatCount } from '../../../format/numbers.ts';
import { frameworkHref } from '../compliance-links.ts';
import { FRAMEWORK_MARKS } from '../compliance-words.ts';
import { Meter } from '../parts/meter.tsx';

/** Each framework's coverage at a glance; what is covered stands in its own part. */
export function FrameworkStrip({ frameworks }: { readonly frameworks: readonly FrameworkSummary[] }) {
  return (
    <section className="panel" aria-label="Criteria with evidence by framework">
      <ul className="framework-strip">
        {frameworks.map(({ id, name, criteria, evidenced, designed, nothing }) => (
          <li key={id}>
            <a className="external-wrap" href={frameworkHref(id)} title={name}>
              {FRAMEWORK_MARKS[id]}
            </a>
            <Meter
              whole={criteria}
              parts={[
                { tone: 'good', value: evidenced },
                { tone: 'warn', value: designed },
              ]}
            />
            <span className="num sub">
              {formatCount(evidenced)} of {formatCount(criteria)} with evidence
              <span className="block">{formatCount(nothing)} with nothing</span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
