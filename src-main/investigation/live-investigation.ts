import type { AgentRun, Investigation } from '#shared/model/investigation.ts';
import type { AgentName } from '#shared/model/task.ts';

/** How often at most a running investigation is shown again for mere progress, milliseconds. */
const PUBLISH_EVERY = 120;

export interface LiveOptions {
  /** Keeps the state; called at steps, not for mere progress. */
  readonly save: (investigation: Investigation) => void;
  readonly publish: (investigation: Investigation) => void;
}

/** An investigation while something happens to it: one holder of its state, so that nothing overwrites anything. */
export interface LiveInvestigation {
  readonly current: Investigation;
  /** A step: kept and shown at once. */
  update(change: Partial<Investigation>): Investigation;
  /** An end that must be seen even when it cannot be kept: shown first, then kept. Throws what keeping throws. */
  end(change: Partial<Investigation>): void;
  /** What an agent is doing: shown soon, kept with the next step. */
  progress(agent: AgentName, change: Partial<AgentRun>): void;
  /** Shows what has not been shown and stops. */
  release(): void;
}

export function createLiveInvestigation(initial: Investigation, options: LiveOptions): LiveInvestigation {
  let current = initial;
  let timer: NodeJS.Timeout | undefined;
  const show = () => {
    clearTimeout(timer);
    timer = undefined;
    options.publish(current);
  };
  return {
    get current() {
      return current;
    },
    update(change) {
      const next = { ...current, ...change };
      options.save(next); // first kept, then shown: nothing is shown that a restart would take back
      current = next;
      show();
      return current;
    },
    end(change) {
      current = { ...current, ...change };
      show();
      options.save(current);
    },
    progress(agent, change) {
      const agents = current.agents.map((run) => (run.agent === agent ? { ...run, ...change } : run));
      current = { ...current, agents };
      timer ??= setTimeout(show, PUBLISH_EVERY);
    },
    release() {
      if (timer !== undefined) show();
    },
  };
}
