import { useId, useState } from 'react';
import { usePeople } from '../../../bridge/people-provider.tsx';
import { Button } from '../../../components/button.tsx';

interface ActorFilterProps {
  readonly filtered: boolean;
  readonly actors: readonly string[];
  readonly onFiltered: (filtered: boolean) => void;
  readonly onActors: (actors: readonly string[]) => void;
  readonly problem: string | null;
}

/** Narrows a report to what some actors did. Exceptions stay, whoever they are about. */
export function ActorFilter({ filtered, actors, onFiltered, onActors, problem }: ActorFilterProps) {
  const people = usePeople().data ?? [];
  const [typed, setTyped] = useState('');
  const id = useId();
  const others = actors.filter((actor) => !people.some((person) => person.id === actor));
  const set = (actor: string, on: boolean) =>
    onActors(on ? [...actors.filter((known) => known !== actor), actor] : actors.filter((known) => known !== actor));
  const add = () => {
    const ids = typed.split(/[\s,;]+/).filter((part) => part !== '');
    onActors([...new Set([...actors, ...ids.map((part) => part.slice(0, 128))])].slice(0, 100));
    setTyped('');
  };
  return (
    <fieldset className="part">
      <legend className="visually-hidden">Actors</legend>
      <label className="check">
        <input type="checkbox" checked={filtered} onChange={(event) => onFiltered(event.target.checked)} />
        Only what certain actors did
      </label>
      {filtered ? (
        <div className="part-body">
          <p className="hint">
            Exceptions are never hidden: those a filter would leave out are listed all the same, and counted.
          </p>
          {people.length === 0 ? null : (
            <div className="actor-boxes">
              {people.map((person) => (
                <label key={person.id} className="check">
                  <input
                    type="checkbox"
                    checked={actors.includes(person.id)}
                    onChange={(event) => set(person.id, event.target.checked)}
                  />
                  <span className="external-wrap">{person.name}</span>
                </label>
              ))}
            </div>
          )}
          {others.length === 0 ? null : (
            <ul className="actor-others">
              {others.map((actor) => (
                <li key={actor}>
                  <code className="wrap">{actor}</code>
                  <Button look="ghost" label={`Take out ${actor}`} onPress={() => set(actor, false)}>
                    Take out
                  </Button>
                </li>
              ))}
            </ul>
          )}
          <div className="field">
            <label htmlFor={id}>Others, by their id in records</label>
            <span className="field-beside">
              <input
                id={id}
                className="input"
                value={typed}
                maxLength={2000}
                placeholder="agent or API key id"
                spellCheck={false}
                autoComplete="off"
                onChange={(event) => setTyped(event.target.value)}
                onKeyDown={(event) => {
                  if (event.key !== 'Enter') return;
                  event.preventDefault();
                  if (typed.trim() !== '') add();
                }}
              />
              <Button disabled={typed.trim() === ''} onPress={add}>
                Add
              </Button>
            </span>
          </div>
          {problem === null ? null : (
            <p className="hint hint-bad" role="alert">
              {problem}
            </p>
          )}
        </div>
      ) : null}
    </fieldset>
  );
}
