import { ShapeIcon } from '../../components/shape-icon.tsx';
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

interface SectionNavProps {
  readonly current: VerificationSection;
  /** What a part has to say before it is opened. */
  readonly marks: Partial<Record<VerificationSection, StateWord>>;
}

/** The parts of the screen, as places: Back works, and each has an address. */
export function SectionNav({ current, marks }: SectionNavProps) {
  return (
    <nav className="section-nav" aria-label="Parts of verification">
      {VERIFICATION_SECTIONS.map((section) => {
        const mark = marks[section];
        return (
          <a
            key={section}
            href={formatRoute({ screen: 'verification', section })}
            {...(section === current ? { 'aria-current': 'page' as const } : {})}
          >
            {NAMES[section]}
            {mark === undefined ? null : (
              <span className={`section-mark num tone-${mark.tone}`}>
                <ShapeIcon shape={mark.shape} />
                {mark.word}
              </span>
            )}
          </a>
        );
      })}
    </nav>
  );
}
