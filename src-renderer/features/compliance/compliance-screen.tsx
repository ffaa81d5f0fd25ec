import { ScreenTitle } from '../../components/screen-title.tsx';
import type { ComplianceSection } from '../../navigation/route.ts';
import { AuditorSection } from './auditor/auditor-section.tsx';
import { ComplianceNav } from './compliance-sections.tsx';
import { ReportsSection } from './reports/reports-section.tsx';
import { SamplesSection } from './samples/samples-section.tsx';

interface ComplianceScreenProps {
  readonly section: ComplianceSection;
  /** The framework, control or review that is open. */
  readonly id: string | null;
}

/** Which controls there are, what the records show of them, and what goes to an auditor. */
export function ComplianceScreen({ section }: ComplianceScreenProps) {
  return (
    <main className="screen compliance">
      <div className="screen-head">
        <div className="head-text">
          <ScreenTitle page="Compliance">Compliance</ScreenTitle>
          <p className="sub">What the records show of each control, and what an auditor gets of it.</p>
        </div>
      </div>
      <ComplianceNav current={section} marks={{}} />
      <div className="stack">
        {section === 'samples' ? <SamplesSection /> : null}
        {section === 'reports' ? <ReportsSection /> : null}
        {section === 'auditor' ? <AuditorSection /> : null}
      </div>
    </main>
  );
}
