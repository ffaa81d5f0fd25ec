import { prepareInput } from './append-input.ts';
import { closedError } from './broken.ts';
import type { ChainWriter } from './chain-writer.ts';
import type { ExportHost } from './export/run-export.ts';
import type { RunningTasks } from './running-tasks.ts';
import type { StoreParts } from './store-parts.ts';

interface ExportedStore extends Pick<ExportHost, 'readPage'> {
  readonly parts: StoreParts;
  readonly writer: ChainWriter;
  readonly running: RunningTasks;
}

/** What an export may do in a store. It goes on to the end of what it began while the store is being closed. */
export function exportHost({ parts, writer, running, readPage }: ExportedStore): ExportHost {
  const open = () => {
    if (running.stopped) throw closedError();
  };
  return {
    parts,
    readPage,
    append: (input) => writer.append(prepareInput(input, parts.random)),
    checkpoint: () => {
      open();
      return writer.checkpoint();
    },
    // record and checkpoint in one turn of the queue: the checkpoint's size is the record's seq, the file ends there
    appendLast: (build, written) => {
      const prepare = (seq: number) => {
        open();
        return prepareInput(build(seq), parts.random);
      };
      return writer.appendLast(prepare, written);
    },
  };
}
