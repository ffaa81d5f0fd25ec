import { humanBehind, PEOPLE_ACTIONS, type PeopleOnRecord, takePeople } from '../../controls/people-on-record.ts';
import type { ChainEntry } from '../../evaluation/evidence-test.ts';

/** The records that say who stands for whom. */
export const HUMAN_ACTIONS = PEOPLE_ACTIONS;

/**
 * Which human an account or a key stands for, as the records up to now have it: `people.alias`, and who made the key. Told as
 * the controls tell it, so that a report and a control never judge one decision by two different people.
 */
export class Humans {
  readonly #people: PeopleOnRecord = {};

  take({ record }: ChainEntry): void {
    takePeople(this.#people, record);
  }

  of(id: string): string {
    return humanBehind(this.#people, id);
  }

  areOne(one: string, other: string): boolean {
    return this.of(one) === this.of(other);
  }
}
