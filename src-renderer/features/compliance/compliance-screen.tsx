import { call } from '../../bridge/call.ts';
import { useCommands } from '../../commands/command-context.tsx';
import { CommandButton } from '../../components/button.tsx';
import { ScreenTitle } from '../../components/screen-title.tsx';
import type { ComplianceSection } from '../../navigation/route.ts';
import { navigate } from '../../navigation/use-route.ts';
import { AuditorSection } from './auditor/auditor-section.tsx';
import { ComplianceNav, markSections } from './compliance-sections.tsx';
import { ControlView } from './control/control-view.tsx';
import { ExceptionsSection } from './exceptions/exceptions-section.tsx';
import { FrameworkView } from './frameworks/framework-view.tsx';
import { FrameworksSection } from './frameworks/frameworks-section.tsx';
import { OverviewSection } from './overview/overview-section.tsx';
import { CountingLine } from './parts/counting-line.tsx';
import { ReadinessSection } from './readiness/readiness-section.tsx';
import { RegisterSection } from './register/register-section.tsx';
import { ReportsSection } from './reports/reports-section.tsx';
import { ReviewView } from './reviews/review-view.tsx';
import { ReviewsSection } from './reviews/reviews-section.tsx';
import { SamplesSection } from './samples/samples-section.tsx';
import { useCompliance } from './use-compliance.ts';

/** Parts in which one thing can be open; elsewhere an id in the address says nothing. */
const WITH_DETAIL: readonly ComplianceSection[] = ['frameworks', 'controls', 'reviews'];
/** Parts whose list scrolls by itself and takes the height there is. */
const FILLING: readonly ComplianceSection[] = ['exceptions'];

interface ComplianceScreenProps {
  readonly section: ComplianceSection;
  /** The framework, control or review that is open. */
  readonly id: string | null;
}

/** Which controls there are, what the records show of them, and what goes to an auditor. */
export function ComplianceScreen({ section, id }: ComplianceScreenProps) {
  const overview = useCompliance('compliance overview', () => call('compliance.overview', {}));
  const open = WITH_DETAIL.includes(section) ? id : null;
  const fill = FILLING.includes(section);
  useCommands([
    {
      id: 'compliance.sample',
      title: 'Draw a sample…',
      group: 'Compliance',
      permission: 'compliance.read',
      run: () => navigate({ screen: 'compliance', section: 'samples' }),
    },
    {
      id: 'compliance.report',
      title: 'Build a report…',
      group: 'Compliance',
      permission: 'compliance.read',
      run: () => navigate({ screen: 'compliance', section: 'reports' }),
    },
  ]);
  return (
    <main className={fill ? 'screen compliance screen-fill' : 'screen compliance'}>
      {open === null ? (
        <div className="screen-head">
          <div className="head-text">
            <ScreenTitle page="Compliance">Compliance</ScreenTitle>
            {overview.data === null ? (
              <p className="sub">What the records show of each control.</p>
            ) : (
              <CountingLine counting={overview.data.counting} />
            )}
          </div>
          {section === 'overview' ? (
            <div className="row-actions">
              <CommandButton command="compliance.sample" />
              <CommandButton command="compliance.report" look="primary" />
            </div>
          ) : null}
        </div>
      ) : null}
      <ComplianceNav current={section} marks={markSections(overview.data)} />
      <div className={fill ? 'compliance-fill' : 'stack'}>
        {section === 'overview' ? <OverviewSection overview={overview} /> : null}
        {section === 'frameworks' && open === null ? <FrameworksSection overview={overview} /> : null}
        {section === 'frameworks' && open !== null ? <FrameworkView key={open.split(':')[0]} id={open} /> : null}
        {section === 'controls' && open === null ? <RegisterSection overview={overview} /> : null}
        {section === 'controls' && open !== null ? <ControlView key={open} id={open} /> : null}
        {section === 'exceptions' ? <ExceptionsSection controls={overview.data?.controls ?? []} /> : null}
        {section === 'reviews' && open === null ? <ReviewsSection /> : null}
        {section === 'reviews' && open !== null ? <ReviewView key={open} id={open} /> : null}
        {section === 'readiness' ? <ReadinessSection /> : null}
        {section === 'samples' ? <SamplesSection /> : null}
        {section === 'reports' ? <ReportsSection /> : null}
        {section === 'auditor' ? <AuditorSection /> : null}
      </div>
    </main>
  );
}
