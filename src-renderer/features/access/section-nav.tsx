import { ShapeIcon } from '../../components/shape-icon.tsx';
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

interface SectionNavProps {
  readonly sections: readonly AccessSection[];
  readonly current: AccessSection;
  readonly marks: Partial<Record<AccessSection, StateWord>>;
}

/** The parts of the screen this person may see, as places: Back works, and each has an address. */
export function SectionNav({ sections, current, marks }: SectionNavProps) {
  return (
    <nav className="section-nav" aria-label="Parts of access">
      {sections.map((section) => {
        const mark = marks[section];
        return (
          <a
            key={section}
            href={formatRoute({ screen: 'access', section })}
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
