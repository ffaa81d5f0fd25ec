import type { AuditAction } from '#shared/model/audit-actions.ts';
import type { ChainEntry } from '../../evaluation/evidence-test.ts';

/** The records that say who stands for whom. */
export const HUMAN_ACTIONS = [
  'tenant.configuration_changed',
  'auth.api_key_created',
] as const satisfies readonly AuditAction[];

/** Which human an account or a key stands for, as the records up to now have it: `people.alias`, and who made the key. */
export class Humans {
  readonly #standsFor = new Map<string, string>();

  take({ record }: ChainEntry): void {
    const { action, data, target, actor, outcome } = record;
    if (outcome !== 'success') return;
    if (action === 'auth.api_key_created') {
      if (typeof data.apiKey === 'string' && data.apiKey !== actor.id) this.#standsFor.set(data.apiKey, actor.id);
    } else if (action === 'tenant.configuration_changed' && data.setting === 'people.alias') {
      if (typeof data.new === 'string' && data.new !== target.id) this.#standsFor.set(target.id, data.new);
      else this.#standsFor.delete(target.id);
    }
  }

  /** A ring of aliases, which only a made-up file has, ends where it was begun. */
  of(id: string): string {
    const seen = new Set<string>();
    let human = id;
    for (let next = this.#standsFor.get(human); next !== undefined && !seen.has(next); ) {
      seen.add(human);
      human = next;
      next = this.#standsFor.get(human);
    }
    return human;
  }

  areOne(one: string, other: string): boolean {
    return this.of(one) === this.of(other);
  }
}
