import type { Random } from './random.ts';
import type { EcsSpec, ScenarioSpec, ServiceSpec } from './spec.ts';
import type { Timeline } from './timeline.ts';
import { listDeployedAt } from './versions.ts';

/** One ECS task over its life. Minutes are indices of the timeline and may lie before or after the recording. */
export interface Task {
  readonly id: string;
  readonly service: string;
  readonly revision: number;
  readonly from: number;
  to: number | undefined;
  stop: { readonly code: string; readonly reason: string; readonly exitCode: number } | undefined;
}

export interface Deployment {
  readonly id: string;
  readonly service: string;
  readonly index: number;
  readonly fromRevision: number;
  readonly toRevision: number;
}

export interface Scaling {
  readonly service: string;
  readonly index: number;
  readonly from: number;
  readonly to: number;
}

/** What ran when. `leak.ts` ends tasks early and adds their replacements. */
export interface Fleet {
  readonly tasks: Task[];
  readonly deployments: readonly Deployment[];
  readonly scalings: readonly Scaling[];
}

const DEPLOYED = { code: 'ServiceSchedulerInitiated', exitCode: 0 } as const;

/** Tasks of one service that run in this minute. */
export function tasksAt(fleet: Fleet, service: string, index: number): readonly Task[] {
  return fleet.tasks.filter(
    (task) => task.service === service && task.from <= index && (task.to === undefined || task.to > index),
  );
}

/** Replays deployments and scheduled scaling of every ECS service. */
export function buildFleet(spec: ScenarioSpec, timeline: Timeline, random: Random): Fleet {
  const tasks: Task[] = [];
  const deployments: Deployment[] = [];
  const scalings: Scaling[] = [];
  for (const service of spec.topology.services) {
    if (service.ecs === undefined) continue;
    replay(service, service.ecs, {
      spec,
      timeline,
      tasks,
      deployments,
      scalings,
      draws: random.fork(`fleet/${service.name}`),
    });
  }
  return { tasks, deployments, scalings };
}

interface ReplayContext {
  readonly spec: ScenarioSpec;
  readonly timeline: Timeline;
  readonly draws: Random;
  readonly tasks: Task[];
  readonly deployments: Deployment[];
  readonly scalings: Scaling[];
}

function replay(service: ServiceSpec, ecs: EcsSpec, context: ReplayContext): void {
  const { spec, timeline, draws } = context;
  const planned = listDeployedAt(spec, service.name)
    .map((minute) => timeline.index(minute))
    .filter((index) => index >= 0 && index < timeline.length);
  const schedule = spec.background.find((item) => item.kind === 'schedule' && item.service === service.name);
  const isUp = (index: number) => {
    if (schedule?.kind !== 'schedule') return false;
    const minute = timeline.minuteOfDay(index);
    return minute >= schedule.up && minute < schedule.down;
  };
  const extra = schedule?.kind === 'schedule' ? schedule.add : 0;
  let revision = ecs.revision - planned.length;
  let running: Task[] = [];
  const start = (from: number) => {
    const task: Task = { id: draws.hex(32), service: service.name, revision, from, to: undefined, stop: undefined };
    context.tasks.push(task);
    running.push(task);
  };
  const stop = (task: Task, to: number, reason: string) => {
    task.to = to;
    task.stop = { ...DEPLOYED, reason };
  };
  const initial = ecs.tasks + (isUp(0) ? extra : 0);
  const since = -draws.int(4_000, 20_000);
  for (let k = 0; k < initial; k += 1) start(since + draws.int(0, 3));
  for (let i = 1; i < timeline.length; i += 1) {
    if (planned.includes(i)) {
      const old = running;
      running = [];
      revision += 1;
      const id = `ecs-svc/${draws.int(1_000_000_000, 9_999_999_999)}${draws.int(100_000_000, 999_999_999)}`;
      context.deployments.push({
        id,
        service: service.name,
        index: i,
        fromRevision: revision - 1,
        toRevision: revision,
      });
      for (const [k, task] of old.entries()) {
        const step = Math.floor((3 * k) / old.length);
        start(i + 1 + step);
        stop(task, i + 2 + step, `Scaling activity initiated by (deployment ${id})`);
      }
    }
    if (isUp(i) !== isUp(i - 1)) {
      const from = running.length;
      if (isUp(i)) {
        for (let k = 0; k < extra; k += 1) start(i + 1);
      } else {
        for (const task of running.splice(running.length - extra))
          stop(task, i + 1, 'Scaling activity initiated by a scheduled action');
      }
      context.scalings.push({ service: service.name, index: i, from, to: running.length });
    }
  }
}
