import type { Console } from '#main/console.ts';
import type { TimelineEntry } from '#shared/ipc/views.ts';
import { type Io, plain } from './io.ts';

const MARK = { success: '✓', failure: '✗', denied: '⊘' } as const;

/** One step of an incident as a line: record number, UTC time, outcome, action, what happened. */
function stepLine(entry: TimelineEntry): string {
  const seq = String(entry.seq).padStart(5);
  const action = entry.action.padEnd(33);
  return `${seq}  ${entry.time.slice(11, 23)}  ${MARK[entry.outcome]} ${action} ${plain(entry.text)}\n`;
}

/**
 * Prints the incident's records as they enter the chain. The returned function prints what is left and stops.
 * What is printed is the record, not a promise of it: a line appears only when the step is durable.
 */
export function followIncident(console: Console, incident: string, io: Io, from = 0): () => number {
  let last = from;
  const print = () => {
    for (const entry of console.getIncident(incident).timeline) {
      if (entry.seq <= last) continue;
      last = entry.seq;
      io.stdout(stepLine(entry));
    }
  };
  let scheduled: NodeJS.Timeout | undefined;
  const unsubscribe = console.subscribe(() => {
    scheduled ??= setTimeout(() => {
      scheduled = undefined;
      print();
    }, 40);
  });
  print();
  return () => {
    unsubscribe();
    clearTimeout(scheduled);
    print();
    return last;
  };
}
