import type { ComplianceOverview } from '#shared/ipc/compliance-views.ts';
import { SectionNav } from '../../components/section-nav.tsx';
import { formatCount } from '../../format/numbers.ts';
import type { StateWord } from '../../format/words.ts';
import { COMPLIANCE_SECTIONS, type ComplianceSection, formatRoute } from '../../navigation/route.ts';

const SECTION_NAMES: Readonly<Record<ComplianceSection, string>> = {
  overview: 'Overview',
  frameworks: 'Frameworks',
  controls: 'Controls',
  exceptions: 'Exceptions',
  reviews: 'Access reviews',
  readiness: 'Readiness',
  samples: 'Samples',
  reports: 'Reports',
  auditor: 'Auditor',
};

interface ComplianceNavProps {
  readonly current: ComplianceSection;
  readonly marks: Partial<Record<ComplianceSection, StateWord>>;
}

export function ComplianceNav(props: ComplianceNavProps) {
  return (
    <SectionNav
      label="Parts of compliance"
      sections={COMPLIANCE_SECTIONS}
      names={SECTION_NAMES}
      hrefOf={(section) => formatRoute({ screen: 'compliance', section })}
      {...props}
    />
  );
}

/** What each part has to say before it is opened; nothing where nothing is known. */
export function markSections(overview: ComplianceOverview | null): Partial<Record<ComplianceSection, StateWord>> {
  if (overview === null || overview.counting.asOf === null) return {};
  const marks: Partial<Record<ComplianceSection, StateWord>> = {};
  const gaps = overview.controls.filter(({ status }) => status === 'gap').length;
  const { open } = overview.exceptions;
  if (gaps > 0)
    marks.controls = { word: `${formatCount(gaps)} ${gaps === 1 ? 'gap' : 'gaps'}`, tone: 'bad', shape: 'cross' };
  if (open > 0) marks.exceptions = { word: `${formatCount(open)} open`, tone: 'bad', shape: 'bang' };
  return marks;
}
