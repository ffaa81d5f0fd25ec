import { useState } from 'react';
import type { PersonView } from '#shared/ipc/access-views.ts';
import { useMay, usePermissions } from '../../bridge/access-provider.tsx';
import { usePeople } from '../../bridge/people-provider.tsx';
import { ScreenTitle } from '../../components/screen-title.tsx';
import { EmptyState } from '../../components/states.tsx';
import type { AccessSection } from '../../navigation/route.ts';
import { markSections, readableSections } from './access-sections.ts';
import { ApiKeysSection } from './api-keys-section.tsx';
import { ChangesSection } from './changes-section.tsx';
import { DevicesSection } from './devices-section.tsx';
import { LeasesSection } from './leases-section.tsx';
import { PeopleSection } from './people-section.tsx';
import { PoliciesSection } from './policies-section.tsx';
import { RolesSection } from './roles-section.tsx';
import { AccessNav } from './section-nav.tsx';
import { useLeases } from './use-leases.ts';
import { useProtections } from './use-protections.ts';

const NOBODY: readonly PersonView[] = [];

/** Who is in this workspace, what each may do, and by which rules; and what lives on borrowed rights right now. */
export function AccessScreen({ section }: { readonly section: AccessSection | null }) {
  const sections = readableSections(usePermissions());
  const [first = null] = sections;
  const current = sections.find((readable) => readable === section) ?? (section === null ? first : null);
  const mayReadPeople = useMay('people.read');
  const people = usePeople();
  const leases = useLeases();
  const protections = useProtections();
  // An edited policy outlives a look at another part of the screen.
  const [draft, setDraft] = useState<string | null>(null);
  const marks = markSections({
    people: mayReadPeople ? people.data : null,
    leases: leases.data,
    requests: protections.data,
  });

  return (
    <main className="screen access">
      <div className="screen-head">
        <div className="head-text">
          <ScreenTitle page="Access">Access</ScreenTitle>
          <p className="sub">Who may do what here, by which rules, and what runs on borrowed rights right now.</p>
        </div>
      </div>
      <AccessNav sections={sections} current={current ?? 'people'} marks={marks} />
      <div className="stack">
        {current === null ? (
          <section className="panel" aria-label="Not for this role">
            <EmptyState title="This part is not for your role">
              <p>An owner of the workspace can give you another role. What you may see is in the parts above.</p>
            </EmptyState>
          </section>
        ) : null}
        {current === 'people' ? <PeopleSection people={people} /> : null}
        {current === 'roles' ? <RolesSection /> : null}
        {current === 'api-keys' ? <ApiKeysSection people={people.data ?? NOBODY} /> : null}
        {current === 'devices' ? <DevicesSection people={people.data ?? NOBODY} /> : null}
        {current === 'leases' ? <LeasesSection leases={leases} /> : null}
        {current === 'policies' ? (
          <PoliciesSection people={people.data ?? NOBODY} draft={draft} onDraft={setDraft} requests={protections} />
        ) : null}
        {current === 'changes' ? <ChangesSection requests={protections} /> : null}
      </div>
    </main>
  );
}
