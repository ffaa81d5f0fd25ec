import { SectionNav } from '../../components/section-nav.tsx';
import type { StateWord } from '../../format/words.ts';
import { type AccessSection, formatRoute } from '../../navigation/route.ts';

const NAMES: Readonly<Record<AccessSection, string>> = {
  people: 'People',
  roles: 'Roles',
  'api-keys': 'API keys',
  devices: 'Devices',
  leases: 'Live leases',
  policies: 'Guardrail policies',
  changes: 'Waiting changes',
};

interface AccessNavProps {
  /** Those this person may see. */
  readonly sections: readonly AccessSection[];
  readonly current: AccessSection;
  readonly marks: Partial<Record<AccessSection, StateWord>>;
}

export function AccessNav(props: AccessNavProps) {
  return (
    <SectionNav
      label="Parts of access"
      names={NAMES}
      hrefOf={(section) => formatRoute({ screen: 'access', section })}
      {...props}
    />
  );
}
