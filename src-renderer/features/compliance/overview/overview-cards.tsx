import type { ReactNode } from 'react';
import type { ComplianceOverview } from '#shared/ipc/compliance-views.ts';
import { TimeText } from '../../../components/time-text.tsx';
import { formatCount, formatPlural } from '../../../format/numbers.ts';
import { formatRoute } from '../../../navigation/route.ts';
import { frameworkHref } from '../compliance-links.ts';
import { FRAMEWORK_MARKS } from '../compliance-words.ts';
import { Meter } from '../parts/meter.tsx';
import { countStatuses } from '../register/register-filter.ts';

interface CardProps {
  readonly label: string;
  readonly href: string;
  readonly value: number;
  readonly after: string;
  readonly children: ReactNode;
}

function Card({ label, href, value, after, children }: CardProps) {
  return (
    <li className="panel figure-card">
      <h2>
        <a href={href}>{label}</a>
      </h2>
      <p className="card-figure num">
        <strong>{formatCount(value)}</strong> <span>{after}</span>
      </p>
      {children}
    </li>
  );
}

/** The figures an auditor asks for first, each leading to what it is made of. */
export function OverviewCards({ overview }: { readonly overview: ComplianceOverview }) {
  const { occurrences, exceptions, window, frameworks, controls } = overview;
  const [first] = frameworks;
  const { notInPlace, organizational, applicable } = countStatuses(controls);
  const hidden = exceptions.open + exceptions.fixed;
  return (
    <section aria-label="At a glance">
      <ul className="figure-cards">
        {first === undefined ? null : (
          <Card
            label={`${FRAMEWORK_MARKS[first.id]} criteria with evidence`}
            href={frameworkHref(first.id)}
            value={first.evidenced}
            after={`of ${formatCount(first.criteria)}`}
          >
            <Meter
              whole={first.criteria}
              parts={[
                { tone: 'good', value: first.evidenced },
                { tone: 'warn', value: first.designed },
              ]}
            />
            <p className="sub num">
              {formatCount(first.designed)} designed, {formatCount(first.nothing)} with nothing
            </p>
          </Card>
        )}
        <Card
          label="Occurrences in the window"
          href={formatRoute({ screen: 'compliance', section: 'controls' })}
          value={occurrences.actual}
          after={`of ${formatCount(occurrences.expected)} expected`}
        >
          <Meter whole={occurrences.expected} parts={[{ tone: 'good', value: occurrences.actual }]} />
          <p className="sub">
            <TimeText iso={window.from} form="date" /> to <TimeText iso={window.to} form="date" />
          </p>
        </Card>
        <Card
          label="Exceptions"
          href={formatRoute({ screen: 'compliance', section: 'exceptions' })}
          value={hidden}
          after={hidden === 1 ? 'exception' : 'exceptions'}
        >
          <Meter
            whole={hidden}
            parts={[
              { tone: 'bad', value: exceptions.open },
              { tone: 'good', value: exceptions.fixed },
            ]}
          />
          <p className="sub num">
            {formatCount(exceptions.open)} open, {formatCount(exceptions.fixed)} fixed · none hidden
          </p>
        </Card>
        <Card
          label="Controls not in place"
          href={formatRoute({ screen: 'compliance', section: 'readiness' })}
          value={notInPlace}
          after={`of ${formatPlural(applicable, 'control')}`}
        >
          <Meter
            whole={applicable}
            parts={[
              { tone: 'good', value: applicable - notInPlace },
              { tone: 'warn', value: notInPlace },
            ]}
          />
          <p className="sub num">
            {formatCount(organizational)} organizational, {formatCount(notInPlace - organizational)} technical
          </p>
        </Card>
      </ul>
    </section>
  );
}
