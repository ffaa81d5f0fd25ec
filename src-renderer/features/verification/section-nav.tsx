import { SectionNav } from '../../components/section-nav.tsx';
import type { StateWord } from '../../format/words.ts';
import { formatRoute, VERIFICATION_SECTIONS, type VerificationSection } from '../../navigation/route.ts';

const NAMES: Readonly<Record<VerificationSection, string>> = {
  history: 'History',
  checkpoints: 'Checkpoints',
  witnesses: 'Witnesses',
  keys: 'Keys',
  'self-test': 'Self-test',
  files: 'Files',
};

interface VerificationNavProps {
  readonly current: VerificationSection;
  readonly marks: Partial<Record<VerificationSection, StateWord>>;
}

export function VerificationNav(props: VerificationNavProps) {
  return (
    <SectionNav
      label="Parts of verification"
      sections={VERIFICATION_SECTIONS}
      names={NAMES}
      hrefOf={(section) => formatRoute({ screen: 'verification', section })}
      {...props}
    />
  );
}
