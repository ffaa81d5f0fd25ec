import type { StateWord } from '../format/words.ts';
import { ShapeIcon } from './shape-icon.tsx';

interface SectionNavProps<S extends string> {
  /** Of the parts together, for those who do not see them. */
  readonly label: string;
  readonly sections: readonly S[];
  readonly names: Readonly<Record<S, string>>;
  readonly current: S;
  /** What a part has to say before it is opened. */
  readonly marks: Partial<Record<S, StateWord>>;
  readonly hrefOf: (section: S) => string;
}

/** The parts of a screen, as places: Back works, and each has an address. */
export function SectionNav<S extends string>({ label, sections, names, current, marks, hrefOf }: SectionNavProps<S>) {
  return (
    <nav className="section-nav" aria-label={label}>
      {sections.map((section) => {
        const mark = marks[section];
        return (
          <a key={section} href={hrefOf(section)} {...(section === current ? { 'aria-current': 'page' as const } : {})}>
            {names[section]}
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
