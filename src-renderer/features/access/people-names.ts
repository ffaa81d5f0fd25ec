import type { PersonView } from '#shared/ipc/access-views.ts';

/** A person as the tables name them; one who is not in the workspace any more by id alone. */
export function nameOf(people: readonly PersonView[], id: string): string {
  return people.find((person) => person.id === id)?.name ?? id;
}

/** Accounts that stand for the same human as `person`, itself left out. */
export function sameHuman(people: readonly PersonView[], person: PersonView): readonly PersonView[] {
  const human = person.aliasOf ?? person.id;
  return people.filter((other) => other.id !== person.id && (other.id === human || other.aliasOf === human));
}

/** Accounts `person` may be marked an alias of: never itself, and only those that are no alias themselves. */
export function aliasChoices(people: readonly PersonView[], person: PersonView): readonly PersonView[] {
  // An alias of an alias would leave it open which human is meant.
  if (people.some((other) => other.aliasOf === person.id)) return [];
  return people.filter((other) => other.id !== person.id && other.aliasOf === null);
}

/** Whether `person` is the only owner left: the workspace would have nobody to manage its people. */
export function isLastOwner(people: readonly PersonView[], person: PersonView): boolean {
  return person.role === 'owner' && people.filter(({ role }) => role === 'owner').length === 1;
}
