import { SectionNav } from '../../components/section-nav.tsx';
import type { StateWord } from '../../format/words.ts';
import { COMPLIANCE_SECTIONS, type ComplianceSection, formatRoute } from '../../navigation/route.ts';

export const SECTION_NAMES: Readonly<Record<ComplianceSection, string>> = {
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
