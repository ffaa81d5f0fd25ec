import type { ScenarioSpec } from './spec.ts';
import type { Fleet } from './tasks.ts';
import type { Timeline } from './timeline.ts';
import { imageTag } from './versions.ts';

interface EventRecord {
  readonly time: string;
  readonly service: string;
  readonly kind: 'deployment' | 'scaling' | 'task-stopped';
  readonly detail: Readonly<Record<string, string | number>>;
}

/** events.ndjson: deployments, scaling, and tasks that stopped for another reason than those. */
export function writeEvents(spec: ScenarioSpec, timeline: Timeline, fleet: Fleet): string {
  const events: EventRecord[] = [];
  for (const item of fleet.deployments) {
    events.push({
      time: timeline.time(item.index),
      service: item.service,
      kind: 'deployment',
      detail: {
        deployment: item.id,
        from: `${item.service}:${item.fromRevision}`,
        to: `${item.service}:${item.toRevision}`,
        image: `${spec.topology.system}/${item.service}:${imageTag(spec, item.service, item.toRevision)}`,
      },
    });
  }
  for (const item of fleet.scalings) {
    events.push({
      time: timeline.time(item.index),
      service: item.service,
      kind: 'scaling',
      detail: { fromDesired: item.from, toDesired: item.to, cause: 'scheduled action' },
    });
  }
  for (const task of fleet.tasks) {
    if (task.to === undefined || task.to >= timeline.length || task.stop?.code !== 'EssentialContainerExited') continue;
    events.push({
      time: timeline.time(task.to, 12_000),
      service: task.service,
      kind: 'task-stopped',
      detail: {
        task: task.id,
        stopCode: task.stop.code,
        stoppedReason: task.stop.reason,
        exitCode: task.stop.exitCode,
      },
    });
  }
  events.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
  return events.map((event) => `${JSON.stringify(event)}\n`).join('');
}
