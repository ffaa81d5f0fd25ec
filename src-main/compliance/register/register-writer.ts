import type { AppendInput } from '#main/audit/append-input.ts';
import type { Sealable } from '#main/audit/seal.ts';
import { SerialQueue } from '#main/audit/serial-queue.ts';
import type { Clock } from '#main/platform/clock.ts';
import type { AuditWriter } from '#main/policy/audit-port.ts';
import { CausewayError } from '#shared/errors.ts';
import type { Actor, Device } from '#shared/model/audit-record.ts';
import { REGISTER_FRAMEWORK } from '../controls/define-test.ts';
import { type ControlChange, takeRegister } from './fold.ts';
import { EMPTY_ENTRY } from './fold-control.ts';
import type { RegisterEntry, RegisterState } from './register-state.ts';

type Update = AppendInput<'tenant.control_updated'>;

/** Who changes the register. `human`: the account of the human behind an alias or an API key. */
export interface RegisterActor {
  readonly actor: Sealable<Actor>;
  readonly device?: Sealable<Device> | undefined;
  readonly id: string;
  readonly human: string;
}

/** Where a change stands in the chain. */
export interface Written {
  readonly seq: number;
  readonly hash: string;
}

export interface WriterOptions {
  readonly audit: AuditWriter;
  /** As far as records have been counted. */
  readonly state: () => RegisterState;
  readonly clock: Clock;
}

export interface NewChange {
  readonly control: string;
  readonly change: Sealable<ControlChange>;
  readonly evidence?: readonly string[];
  readonly owner?: string | null;
  readonly newStatus?: string;
}

const CAUSEWAY: Actor = { type: 'system', id: 'causeway' };
/** Counting is behind by the records of a moment; of more, it has long caught up. */
const MOST_RECENT = 200;

/**
 * Writes the records of the register. One change after the other: each sees the ones before it, also those that have not
 * been counted yet, so that nothing is decided twice.
 */
export class RegisterWriter {
  readonly #options: WriterOptions;
  readonly #queue = new SerialQueue();
  #recent: Parameters<typeof takeRegister>[1][] = [];

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  now(): number {
    return this.#options.clock.now();
  }

  /** What is counted, with what was written since. */
  state(): RegisterState {
    const counted = this.#options.state();
    const newest = newestIn(counted);
    this.#recent = this.#recent.filter(({ seq }) => seq > newest); // records are counted in order
    return this.#recent.reduce((state, entry) => takeRegister(state, entry), counted);
  }

  entry(control: string): RegisterEntry {
    const { controls } = this.state();
    return (Object.hasOwn(controls, control) ? controls[control] : undefined) ?? EMPTY_ENTRY;
  }

  /** @throws what the task throws; CausewayError `audit-unavailable`, `audit-broken` */
  run<T>(task: () => Promise<T>): Promise<T> {
    return this.#queue.run(task);
  }

  /** Within {@link RegisterWriter.run}. `by` null: the console itself. @throws CausewayError of the trail; then nothing changed */
  async write(by: RegisterActor | null, { control, change, evidence, owner, newStatus }: NewChange): Promise<Written> {
    const entry = this.entry(control);
    const input: Update = {
      action: 'tenant.control_updated',
      outcome: 'success',
      actor: by?.actor ?? CAUSEWAY,
      target: { type: 'control', id: control },
      ...(by?.device === undefined ? {} : { device: by.device }),
      data: {
        framework: REGISTER_FRAMEWORK,
        control,
        oldStatus: entry.status,
        // nothing but a change of the status says another one; of what was never judged the least is claimed
        newStatus: newStatus ?? entry.status ?? 'gap',
        owner: owner === undefined ? entry.owner : owner,
        evidence: [...(evidence ?? [])],
        change,
      },
    };
    const { seq, hash, record } = await this.#append(input);
    this.#recent = [...this.#recent, { seq, hash, time: Date.parse(record.time), record }].slice(-MOST_RECENT);
    return { seq, hash };
  }

  async #append(input: Update) {
    try {
      return await this.#options.audit.append(input);
    } catch (cause) {
      // a refusal says what is wrong with what was given; anything else is the trail that cannot be written
      if (cause instanceof CausewayError && (cause.code === 'bad-input' || cause.code === 'too-large')) throw cause;
      const why = cause instanceof CausewayError ? ` ${cause.message}` : '';
      const text = `The audit trail cannot be written, so nothing was changed in the register.${why}`;
      throw new CausewayError('audit-unavailable', text, { cause });
    }
  }
}

/** The newest record this state is certain to hold; taking one again that it holds all the same changes little. */
function newestIn({ controls, campaigns, plan, notes, bundles }: RegisterState): number {
  const entries = Object.values(controls).flatMap(({ history, check }) => [history[0]?.seq ?? 0, check?.seq ?? 0]);
  const reviews = campaigns
    .slice(0, 2)
    .flatMap(({ seq, closed, subjects }) => [seq, closed?.seq ?? 0, ...subjects.map((one) => one.decision?.seq ?? 0)]);
  const others = [plan?.seq ?? 0, notes[0]?.seq ?? 0, bundles[0]?.seq ?? 0];
  return [...entries, ...reviews, ...others].reduce((most, seq) => Math.max(most, seq), 0);
}
